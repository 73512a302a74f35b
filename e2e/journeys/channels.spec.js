// One customer scans a poster, another calls, a third drops a slip: all three are in one inbox and counted by the channel they came by.
import { createHmac } from 'node:crypto';
import { test, expect, choose, post } from './program.js';

test('a poster, a call and a slip come into one inbox', async ({ page, program, signIn, healthy, telephone: customer }) => {
  const channels = async (kind) => (await (await page.request.get(`${program.url}/api/v1/channels?kind=${kind}`)).json()).items[0];
  await signIn('zhou');
  const [poster, line, box] = [await channels('qr_poster'), await channels('phone'), await channels('suggestion_box')];
  let secret;

  await test.step('the manager connects the call centre', async () => {
    await page.goto(`${program.url}/channels/${line.id}`);
    await healthy();
    await page.locator('form[action$="/secret"] button').click();
    await expect(page.locator('dd.mono').first()).toHaveText(line.code);
    secret = await page.locator('dd.mono').nth(1).textContent();
    await healthy();
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

  await test.step('all three are in one inbox and counted by their channel', async () => {
    await page.goto(`${program.url}/feedback`);
    for (const said of ['导购讲得很清楚', '安装师傅没戴鞋套', '希望多放一把椅子']) {
      await expect(page.locator('main').getByText(said).first()).toBeVisible();
    }
    await healthy();
    for (const one of [poster, line, box]) {
      const now = await (await page.request.get(`${program.url}/api/v1/channels/${one.id}`)).json();
      expect(now.volume, one.name).toBe(one.volume + 1);
    }
    await page.goto(`${program.url}/channels`);
    await healthy();
  });
});
