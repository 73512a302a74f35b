// A notice from an authority: entered with the time that it states, drafted from the record, edited, signed by somebody else, printed on A4.
import { test, expect, choose, send } from './program.js';

const MM = 72 / 25.4;
const boxes = (pdf) => [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\]/g)]
  .map(([, left, top, right, bottom]) => [Number(right) - Number(left), Number(bottom) - Number(top)]);

test('a notice, from the paper to the signed statement', async ({ page, program, signIn, healthy }) => {
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  const local = (hours) => new Date(Date.now() + (8 + hours) * 3_600_000).toISOString().slice(0, 16);
  let href;

  await test.step('the store manager copies the notice', async () => {
    await signIn('zhou');
    await visit('/regulator');
    await visit('/regulator/new');
    await choose(page, 'nature', 'complaint');
    const fields = {
      number: '123301-TEST-01', authority: '古荡所', officer: '陆科员', notice_day: local(-30).slice(0, 10), received_at: local(-5),
      due_at: local(-6), claimant_name: '许婷', claimant_phone: '13900007712', subject: '空调安装打孔漏水', claim: '要求修复墙面。',
    };
    for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(value);
    if (await page.locator('select[name=store]').inputValue() === '') await page.locator('select[name=store]').selectOption({ index: 1 });
    await send(page);
    await expect(page.locator('#due_at-error')).toBeVisible();
    await page.locator('[name=due_at]').fill(local(72));
    await send(page);
    await expect(page).toHaveURL(/\/regulator\/\d+/);
    href = new URL(page.url()).pathname;
    await visit(href);
    await expect(page.locator('main')).toContainText('123301-TEST-01');
    await send(page, page.locator('form[action$="/statement/draft"] button'));
    await visit(`${href}/statement`);
    await expect(page.locator('main')).toContainText('【待');
  });

  await test.step('legal edits it and asks for a signature', async () => {
    await signIn('he');
    await visit(`${href}/statement`);
    const text = await page.locator('[name=body]').inputValue();
    await page.locator('[name=body]').fill(text.split('\n').map((line) => (line.includes('【待') ? '已核实。' : line)).join('\n'));
    await send(page);
    await visit(href);
    await send(page, page.locator('form[action$="/statement/ask"] button').first());
  });

  await test.step('somebody else signs', async () => {
    await signIn('zhou');
    await visit(href);
    await send(page, page.locator('a[href^="/approvals/"]').first());
    await send(page, page.locator('.actbar a[href$="/grant"]'));
    await send(page, page.locator('main form[action$="/grant"] button'));
    await visit(href);
    await expect(page.locator('#statement')).toContainText('SHA-256');
  });

  await test.step('it leaves on A4, and the answer is noted', async () => {
    await visit(`${href}/print`);
    await page.evaluate(() => { window.print = () => {}; });
    await page.locator('form[action$="/print"] button').click();
    await expect(page.locator('.sheet:not(.preview)')).toBeVisible();
    const found = boxes(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    expect(found.length).toBeGreaterThan(0);
    for (const [width, height] of found) {
      expect(Math.abs(width - 210 * MM)).toBeLessThan(1.5);
      expect(Math.abs(height - 297 * MM)).toBeLessThan(1.5);
    }
    await visit(`${href}/do/reply`);
    await choose(page, 'way', 'platform');
    await page.locator('[name=note]').fill('回执 20261123');
    await send(page);
    await expect(page.locator('main')).toContainText('20261123');
  });
});

test('a list of 12315: each row owes an answer by its time', async ({ page, program, signIn, healthy }) => {
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
  const rows = [
    ['登记编号', '投诉时间', '诉求内容', '姓名', '联系电话', '门店', '承办单位', '承办人', '答复时限', '性质'],
    ['123301-LIST-01', day(-1), '冰箱不制冷，门店拖了四天', '钱海燕', '13900004417', 'HZ01', '古荡所', '陆科员', day(5), '投诉'],
    ['123301-LIST-02', day(-1), '反映价签不实', '', '', 'HZ01', '古荡所', '陆科员', day(5), '举报'],
  ];
  const paste = async (lines) => {
    await visit('/collection/import');
    await page.locator('select[name=source]').selectOption('regulator');
    await page.locator('textarea[name=text]').fill(lines.map((line) => line.join('\t')).join('\n'));
    await send(page, page.locator('main form[method=post] button.btn-primary'));
    await healthy();
  };
  await signIn('he');
  await paste(rows);
  // Reports are entered one by one, and nothing is taken over by half.
  await expect(page.locator('button[name=take]')).toHaveCount(0);
  await paste(rows.slice(0, 2));
  await send(page, page.locator('button[name=take]'));
  await healthy();
  await visit('/regulator');
  const row = page.locator('tr', { hasText: '123301-LIST-01' });
  await expect(row).toContainText(/./);
  await send(page, row.locator('a.t'));
  await healthy();
  await expect(page.locator('main')).toContainText('陆科员');
  await send(page, page.locator('form[action$="/statement/draft"] button'));
  await expect(page.locator('main')).toContainText('123301-LIST-01');
});
