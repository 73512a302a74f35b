// One customer scans a poster, another calls, a third drops a slip, a fourth writes to a shop: all are in one inbox, are classified, and
// are counted by the channel they came by.
import { createHmac } from 'node:crypto';
import { test, expect, choose, post } from './program.js';

test('a poster, a call, a slip and a message come into one inbox', async ({ page, program, signIn, healthy, telephone: customer }) => {
  const channels = async (kind) => (await (await page.request.get(`${program.url}/api/v1/channels?kind=${kind}`)).json()).items[0];
  await signIn('zhou');
  const [poster, line, box, shop] = [await channels('qr_poster'), await channels('phone'), await channels('suggestion_box'), await channels('webhook')];
  const counted = async () => {
    const { items } = await (await page.request.get(`${program.url}/api/v1/feedback/sources`)).json();
    return Object.fromEntries(items.map((one) => [one.source, one.n]));
  };
  const before = await counted();
  let secret;
  let chat;

  await test.step('the manager connects the call centre', async () => {
    await page.goto(`${program.url}/channels/${line.id}`);
    await healthy();
    await page.locator('form[action$="/secret"] button').click();
    await expect(page.locator('dd.mono').first()).toHaveText(line.code);
    secret = await page.locator('dd.mono').nth(1).textContent();
    await healthy();
    await page.goto(`${program.url}/channels/${shop.id}`);
    await page.locator('form[action$="/secret"] button').click();
    chat = await page.locator('dd.mono').nth(1).textContent();
  });

  await test.step('one scans the poster', async () => {
    await customer.goto(`${program.url}/w/${poster.code}`);
    await customer.sound();
    await choose(customer, 'kind', 'feedback');
    await customer.locator('[name=words]').fill('导购讲得很清楚，谢谢');
    await customer.locator('[name=phone]').fill('139 0000 8801');
    await customer.locator('#consent').check();
    await expect(async () => {
      if (!/\/c\//.test(customer.url())) await customer.locator('.cbtn button').click();
      await expect(customer).toHaveURL(/\/c\/[0-9A-Za-z]{22}/, { timeout: 2_000 });
    }).toPass();
  });

  await signIn('lin');
  await test.step('one calls, and the clerk sees it ring', async () => {
    await page.goto(`${program.url}/calls?show=live`);
    await healthy();
    const body = JSON.stringify({ id: 'journey-1', state: 'ringing', from: '13900008802' });
    const at = String(Date.now());
    const headers = { 'content-type': 'application/json', 'x-channel': line.code, 'x-timestamp': at };
    const sign = (key) => createHmac('sha256', key).update(`${at}.${body}`).digest('hex');
    const send = (key) => fetch(`${program.url}/api/v1/calls`, { method: 'POST', headers: { ...headers, 'x-signature': sign(key) }, body });
    expect((await send('wrong')).status).toBe(401);
    expect((await send(secret)).status).toBe(200);
    expect((await send(secret)).status, 'sent again').toBe(401);
    const row = page.locator('#call-rows').getByText('139****8802');
    await expect(row).toBeVisible();
    await row.click();
    await expect(page.locator('h1')).toHaveText('139****8802');
    await healthy();
    await page.locator('[name=name]').fill('何先生');
    await page.locator('#kind').selectOption('feedback');
    await page.locator('[name=subject]').fill('安装师傅没戴鞋套');
    await page.locator('form[action$="/case"] button[type=submit]').click();
    await expect(page).toHaveURL(/\/cases\/\d+/);
  });

  await test.step('one drops a slip', async () => {
    const slip = { store: 'HZ01', kind: 'feedback', channel: 'counter', via: box.id, subject: '希望多放一把椅子', slip: 'J-0001' };
    expect(await post(page, '/api/v1/cases', slip)).toMatchObject({ status: 201 });
  });

  await test.step('a fourth writes to the shop', async () => {
    const body = JSON.stringify({ id: 'j-inbox', conversation: 'wx-inbox', from: { name: '小林' }, text: '收到的锅有划痕，请处理' });
    const at = String(Date.now());
    const signature = createHmac('sha256', chat).update(`${at}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-timestamp': at, 'x-signature': signature };
    expect((await fetch(`${program.url}/api/v1/hooks/${shop.code}`, { method: 'POST', headers, body })).status).toBe(200);
  });

  await test.step('all four are in one inbox and are classified there', async () => {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const came = [['导购讲得很清楚', 'qr_poster'], ['安装师傅没戴鞋套', 'phone'], ['希望多放一把椅子', 'suggestion_box'], ['收到的锅有划痕', 'webhook']];
    const now = await counted();
    for (const [said, source] of came) {
      expect(now[source], source).toBe((before[source] ?? 0) + 1);
      await page.goto(`${program.url}/feedback?source=${source}&from=${today}`);
      const row = page.locator('#feedback-rows a.t').filter({ hasText: said }).first();
      await expect(row).toBeVisible();
      if (source === 'qr_poster') await healthy();
      await row.click();
      await choose(page, 'sentiment', source === 'qr_poster' ? 'positive' : 'neutral');
      if (!(await page.locator('#category').inputValue())) await page.locator('#category').selectOption({ index: 1 });
      await page.locator('form[action$="/labels"] button[type=submit]').click();
      await expect(page).not.toHaveURL(/labels/);
    }
    expect(await counted()).toEqual(before);
    // What was decided is taken back and decided again: nothing is lost.
    await page.goto(`${program.url}/feedback?show=labelled`);
    await page.locator('#feedback-rows button[name=only][value^=take_back]').first().click();
    await expect(page.locator('#toasts')).toContainText('1');
    await healthy();
  });

  await test.step('they are counted by their channel', async () => {
    for (const one of [poster, line, box, shop]) {
      const now = await (await page.request.get(`${program.url}/api/v1/channels/${one.id}`)).json();
      expect(now.volume, one.name).toBe(one.volume + 1);
    }
    await page.goto(`${program.url}/channels`);
    await healthy();
  });
});
