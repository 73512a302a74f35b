// A customer writes in a chat tool: the message comes by a signed hook into the inbox, is classified, answered with a text that is put in with
// one click, and the answer arrives signed in the same conversation.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { test, expect, choose } from './program.js';

test('a chat message is classified, answered, and the answer arrives at the callback', async ({ page, program, signIn, healthy }) => {
  const heard = [];
  const tool = createServer((request, answer) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      answer.end();
    });
  });
  await new Promise((ready) => tool.listen(0, '127.0.0.1', ready));
  const callback = `http://127.0.0.1:${tool.address().port}/replies`;
  let secret;
  const sign = (key, at, body) => createHmac('sha256', key).update(`${at}.${body}`).digest('hex');

  await signIn('zhou');
  const channel = (await (await page.request.get(`${program.url}/api/v1/channels?kind=webhook`)).json()).items[0];
  await test.step('the manager connects the chat tool', async () => {
    await page.goto(`${program.url}/channels/${channel.id}`);
    await page.locator('form[action$="/secret"] button').click();
    secret = await page.locator('dd.mono').nth(1).textContent();
    await page.goto(`${program.url}/channels/${channel.id}`);
    await page.locator('[name=callback]').fill(callback);
    await page.locator('form[action$="/callback"] button').click();
    await expect(page.locator('#hook')).toContainText(callback);
    await healthy();
  });

  let kept;
  await test.step('a customer writes', async () => {
    const body = JSON.stringify({ id: 'j-1', conversation: 'wx-1', from: { name: '小林' }, text: '收到的锅有划痕，客服态度很好' });
    const send = (key) => {
      const at = String(Date.now());
      const headers = { 'content-type': 'application/json', 'x-timestamp': at, 'x-signature': sign(key, at, body) };
      return fetch(`${program.url}/api/v1/hooks/${channel.code}`, { method: 'POST', headers, body });
    };
    expect((await send('wrong')).status).toBe(401);
    const answer = await send(secret);
    expect(answer.status).toBe(200);
    kept = await answer.json();
    expect(await (await send(secret)).json()).toMatchObject({ case: kept.case, existed: true });
  });

  await test.step('it is classified in the inbox', async () => {
    await page.goto(`${program.url}/feedback/${kept.case}`);
    await expect(page.locator('main')).toContainText('收到的锅有划痕');
    await healthy();
    await choose(page, 'sentiment', 'neutral');
    await page.locator('form[action$="/labels"] button[type=submit]').click();
    await expect(page).not.toHaveURL(new RegExp(`/feedback/${kept.case}$`));
  });

  await test.step('it is answered in the same conversation', async () => {
    await page.goto(`${program.url}/cases/${kept.case}`);
    await expect(page.locator('#way')).toHaveValue('chat');
    await page.locator('#compose button[name=insert]').first().click();
    await expect(page.locator('#compose [name=body]')).toHaveValue(/小林/);
    await healthy();
    await page.locator('#compose [name=body]').fill('小林您好，马上给您换新锅。');
    await page.locator('#compose > button[type=submit]').click();
    await expect(page.locator('#timeline')).toContainText('马上给您换新锅');
    await expect.poll(() => heard.length, { timeout: 30_000 }).toBe(1);
    const [{ headers, body }] = heard;
    expect(headers['x-signature']).toBe(sign(secret, headers['x-timestamp'], body));
    expect(JSON.parse(body)).toMatchObject({ conversation: 'wx-1', case: kept.number, text: '小林您好，马上给您换新锅。' });
    await healthy();
  });
  tool.close();
});
