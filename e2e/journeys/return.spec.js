// A washing machine that was repaired twice comes back: the scan knows the verdict before the clerk asks, the law's part is refunded at once, the
// shop's better part goes to the manager, goods are looked at, the POS's reference is recorded, and with the papers it is over; the voucher prints.
import { test, expect, choose, send } from './program.js';

const SERIAL = '8A2603001271';

test('a return by law and beyond it', async ({ page, program, signIn, healthy }) => {
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  const act = async (fields) => {
    for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value);
    await send(page, page.locator('.actbar button.btn-primary'));
    await healthy();
  };
  let one;

  await test.step('the scan says what the law gives', async () => {
    await signIn('bj01-1');
    await visit(`/scan?code=${SERIAL}`);
    await expect(page.locator('#verdict')).toContainText('2');
    await expect(page.locator('#verdict .verd').first()).toBeVisible();
  });

  await test.step('the case leads to the return, which is judged as it is opened', async () => {
    await page.locator('.li a[href^="/cases/"]').first().click();
    await healthy();
    await page.locator('#verdict a[href^="/returns/of/"]').click();
    await healthy();
    await choose(page, 'way', 'refund');
    await act({ reason: '修了两次仍不脱水', extra: '300', extra_reason: '免收折旧' });
    one = new URL(page.url()).pathname;
    expect(one).toMatch(/^\/returns\/\d+$/);
    await expect(page.locator('.split2')).toContainText('¥2,9');
  });

  await test.step('the law waits for nobody: it is confirmed and refunded while the extra waits', async () => {
    await page.locator(`a[href="${one}/do/confirm?part=law"]`).first().click();
    await healthy();
    await expect(page.locator('#command dl')).toContainText('王丽华');
    await act({});
    await page.locator(`a[href="${one}/do/pay?part=law"]`).first().click();
    await healthy();
    await act({ pos_ref: `POS-${SERIAL}` });
    await expect(page.locator('main')).toContainText(`POS-${SERIAL}`);
  });

  await test.step('the manager grants the extra', async () => {
    await signIn('bj01-0');
    await visit(one);
    await page.locator('a[href^="/approvals/"]').first().click();
    await healthy();
    await page.locator('a[href$="/grant"]').first().click();
    await send(page, page.locator('.actbar button.btn-primary, main form button.btn-primary').first());
    await visit(one);
  });

  await test.step('goods are taken in, looked at and graded', async () => {
    await signIn('bj01-1');
    await visit(`${one}/do/receive?line=1`);
    await act({});
    await visit(`${one}/do/inspect?line=1`);
    await choose(page, 'checks', 'serial');
    await act({});
    await visit(`${one}/do/grade?line=1`);
    await choose(page, 'grade', 'to_maker');
    await act({});
  });

  await test.step('the extra leaves by the POS, and with the papers it is over', async () => {
    await visit(`${one}/do/confirm?part=extra`);
    await act({});
    await visit(`${one}/do/pay?part=extra`);
    await act({ pos_ref: `POS-${SERIAL}-2` });
    await visit(`${one}/do/papers`);
    await act({ red_invoice: 'HZ-1', stock_receipt: 'RK-1' });
    await expect(page.locator('.head .chip.ok').first()).toBeVisible();
    await visit(`${one}/print`);
    await expect(page.locator('.sheet.a4')).toContainText('人民币');
  });

  await test.step('the claim on the maker is there, sent, credited, and the numbers moved', async () => {
    await signIn('he');
    await visit('/claims?show=all&q=' + SERIAL);
    await page.locator('#claims-rows a.t').first().click();
    await healthy();
    const claim = new URL(page.url()).pathname;
    await expect(page.locator('#claim')).toContainText('¥2,9');
    await visit(`${claim}/print`);
    await expect(page.locator('.sheet.a4')).toContainText(SERIAL);
    await expect(page.locator('.sheet.a4')).not.toContainText('王丽华');
    const pack = await page.request.get(`${program.url}${claim}/pack.zip`);
    expect((await pack.body()).subarray(0, 2).toString()).toBe('PK');
    const measure = async (id) => (await page.request.get(`${program.url}/metrics/${id}`)).text();
    const before = await measure('claims-credited');
    for (const [command, reference] of [['send', 'HC-1'], ['accept', 'HC-1-A'], ['credit', 'ZR-1']]) {
      await visit(`${claim}/do/${command}`);
      await act({ reference });
    }
    await expect(page.locator('.head .chip.ok').first()).toBeVisible();
    expect(await measure('claims-credited')).not.toBe(before);
  });

  await test.step('a stricter policy is tried on past returns before it is published: it shows the difference', async () => {
    await signIn('he');
    await visit('/terms?layer=policy');
    await page.locator('table a.t').first().click();
    await healthy();
    await page.locator('.actbar a[href$="/edit"]').first().click();
    await healthy();
    await page.locator('[name="promises.0.repairs"]').fill('3');
    await send(page, page.locator('button[value=look]'));
    await healthy();
    await expect(page.locator('main .note:not(#offline)').first()).toBeVisible();
    await send(page, page.locator('button[value=replay]'));
    await healthy();
    expect(new URL(page.url()).pathname).toMatch(/^\/returns\/replays\/\d+$/);
    await expect(async () => {
      await page.reload();
      await expect(page.locator('.kpis, .kpi').first()).toBeVisible({ timeout: 1000 });
    }).toPass();
    await expect(page.locator('main')).toContainText('−¥');
    await expect(page.locator(`table a[href="${one}"]`)).toBeVisible();
  });
});
