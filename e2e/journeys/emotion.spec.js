// An upset customer writes: the words flag the case, what to say stands beside the reply, a senior takes over, somebody else than the handler
// is to call when it has cooled down, and the clerk who took it gets a private word that nobody else reads.
import { test, expect, choose, send, post } from './program.js';

const SUBJECT = '烤箱门玻璃碎了没人管';
const CARE = '今天辛苦了，这一单处理得很稳，晚上早点回去。';

test('an upset customer, a senior, a call when it has cooled down, a word of care', async ({ page, program, signIn, healthy }) => {
  let id;
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  const person = async (field, words) => {
    const label = (await field.locator('option').allInnerTexts()).find((text) => words.test(text));
    await field.selectOption({ label });
  };

  await test.step('the words of the customer flag the case, and name themselves', async () => {
    await signIn('lin');
    const customer = { name: '罗敏', phone: '13900007733' };
    const made = await post(page, '/api/v1/cases', {
      store: 'HZ01', kind: 'repair', channel: 'counter', subject: SUBJECT, body: '来了三次都没人管，太过分了，我受够了！', customer,
    });
    expect(made).toMatchObject({ status: 201 });
    ({ id } = made.json);
    await visit(`/cases/${id}/emotion`);
    await expect(page.locator('#why mark', { hasText: '受够了' }).first()).toBeVisible();
  });

  await test.step('what to say stands beside the reply', async () => {
    await visit(`/cases/${id}`);
    await expect(page.locator('#compose')).toBeVisible();
    await expect(page.locator('#feeling mark').first()).toBeVisible();
    await expect(page.locator('#guides-beside').first()).toBeVisible();
  });

  await test.step('a senior is asked, and takes over', async () => {
    await visit(`/cases/${id}/emotion`);
    const over = page.locator('#hand-over form');
    await over.locator('[name=note]').fill('要见店长');
    await send(page, over.locator('button', { hasText: /周敏|Zhou Min/ }));
    await healthy();
    await signIn('zhou');
    await visit(`/cases/${id}/emotion`);
    await send(page, page.locator('form[action$="/emotion/take-over"] button'));
    await healthy();
    await expect(page.locator('form[action$="/emotion/take-over"]')).toHaveCount(0);
  });

  await test.step('somebody else is to call when it has cooled down', async () => {
    const cool = page.locator('#cool form');
    await expect(cool.locator('option', { hasText: /周敏|Zhou Min/ })).toHaveCount(0);
    await cool.locator('[name=hours]').fill('4');
    await person(cool.locator('[name=caller]'), /林晓敏|Lin Xiaomin/);
    await send(page, cool.locator('button[type=submit]'));
    await expect(page.locator('#cool form')).toHaveCount(0);
    await healthy();
  });

  await test.step('a word of care for the clerk, for nobody else', async () => {
    const care = page.locator('#care form');
    await person(care.locator('[name=who]'), /林晓敏|Lin Xiaomin/);
    await care.locator('[name=text]').fill(CARE);
    await send(page, care.locator('button[type=submit]'));
    await expect(page).toHaveURL(/\/care\?done=yes/);
    await healthy();
    await signIn('lin');
    await visit('/care');
    await expect(page.locator('main')).toContainText(CARE);
    await visit('/calls');
    await expect(page.locator('main')).toContainText('139****7733');
    await visit(`/cases/${id}`);
    await expect(page.locator('main')).not.toContainText(CARE);
    await signIn('chen');
    await visit('/care');
    await expect(page.locator('main')).not.toContainText(CARE);
  });

  await test.step('calm again, with a reason', async () => {
    await signIn('zhou');
    await visit(`/cases/${id}/emotion`);
    const end = page.locator('form[action$="/emotion/end"]');
    await choose(page, 'ended', 'calmed');
    await end.locator('[name=ended_reason]').fill('当面道歉，约好明天换玻璃');
    await send(page, end.locator('button[type=submit]'));
    await healthy();
    await expect(page.locator('main')).toContainText('当面道歉');
  });
});
