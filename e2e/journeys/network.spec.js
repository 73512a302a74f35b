// A bad network: what was typed stays, waits, and arrives once; a scanner's double Enter makes one record.
import { test, expect, choose } from './program.js';

const count = async (page, program, words) => {
  await page.goto(`${program.url}/cases?tab=all&q=${encodeURIComponent(words)}`);
  return page.locator('main a.t').filter({ hasText: words }).count();
};

test('a case that is typed while the network is away arrives once', async ({ page, program, signIn, healthy }) => {
  const subject = '断网时记下的冰箱异响';
  await signIn('lin');
  await page.goto(`${program.url}/cases/new`);
  await page.locator('[name="customer.phone"]').fill('139 0000 4321');
  await page.locator('button[name=find]').click();
  await page.locator('[name="customer.name"]').fill('钱进');
  await choose(page, 'customer', 'new');
  await choose(page, 'channel', 'phone');
  await choose(page, 'kind', 'repair');
  await page.locator('[name=subject]').fill(subject);
  await page.context().setOffline(true);
  await page.locator('.actbar button.btn-primary').click();
  await expect(page.locator('#offline')).toBeVisible();
  await expect(page.locator('[name=subject]')).toHaveValue(subject);
  // Pressed again and again: still one.
  await page.locator('.actbar button.btn-primary').click();
  await page.context().setOffline(false);
  await expect(page).toHaveURL(/\/cases\/\d+/);
  await expect(page.locator('h1')).toHaveText(subject);
  await healthy();
  expect(await count(page, program, subject)).toBe(1);
});

test('a note that is sent while the network is away arrives once and in order', async ({ page, program, signIn }) => {
  await signIn('lin');
  await page.goto(`${program.url}/cases`);
  await page.locator('[data-rows] a.t').first().click();
  await expect(page).toHaveURL(/\/cases\/\d+/);
  const note = page.locator('form[action$="/messages"]');
  await note.locator('[name=body]').fill('第一句：断网时写的');
  await page.context().setOffline(true);
  await note.locator('button[type=submit]:not([name])').click();
  await expect(page.locator('#offline')).toBeVisible();
  await expect(note.locator('[name=body]')).toHaveValue('第一句：断网时写的');
  await page.context().setOffline(false);
  await expect(page).toHaveURL(/done=message/);
  await expect(page.locator('#timeline').getByText('第一句：断网时写的')).toHaveCount(1);
});

test('a signature, photos and the switch of persons work on the page', async ({ page, program, signIn, healthy }) => {
  await signIn('lin');
  await page.goto(`${program.url}/cases`);
  await page.locator('[data-rows] a.t').first().click();
  const files = page.locator('#files details').first();
  await files.locator('summary').click();
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAROxCnMTAAAAAElFTkSuQmCC', 'base64');
  await files.locator('input[type=file]').first().setInputFiles({ name: '故障.png', mimeType: 'image/png', buffer: png });
  await expect(files.locator('.shot.sent')).toHaveCount(1);
  await files.locator('button[type=submit]').click();
  await expect(page).toHaveURL(/done=files/);
  await expect(page.locator('#files .tile img').first()).toBeVisible();
  await healthy();
  await page.goto(`${program.url}/`);
  await page.locator('[data-switch]').click();
  const dialog = page.locator('dialog.over');
  await expect(dialog).toBeVisible();
  await healthy();
  await dialog.locator('[name=pin]').fill('000000');
  await expect(dialog.locator('.errmsg')).toBeVisible();
  await dialog.locator('[name=pin]').fill('250914');
  await expect(dialog).toHaveCount(0);
});
