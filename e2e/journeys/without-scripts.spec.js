// The same counter without JavaScript: every form posts, every tab is a link.
import { test, expect, choose } from './program.js';

test.use({ javaScriptEnabled: false });

test('a case is taken in, accepted and noted without JavaScript', async ({ page, program, signIn }) => {
  await signIn('lin');
  await page.locator('[name="customer.phone"]').fill('13900004321');
  await page.locator('form.quick button[type=submit]').click();
  await expect(page.locator('#customer-phone')).toHaveValue(/139\s?0000\s?4321/);

  await page.locator('[name=subject]').fill('电饭煲不加热');
  await choose(page, 'customer', 'new');
  await page.locator('[name="customer.name"]').fill('周航');
  await choose(page, 'channel', 'counter');
  await choose(page, 'kind', 'inquiry');
  await test.step('what is wrong is said at its field, and nothing typed is lost', async () => {
    await page.locator('#customer-phone').fill('1390000432');
    await page.locator('.actbar button.btn-primary').click();
    await expect(page.locator('#customer-phone-error')).toBeVisible();
    await expect(page.locator('[name=subject]')).toHaveValue('电饭煲不加热');
    await page.locator('#customer-phone').fill('13900004321');
  });
  await page.locator('.actbar button.btn-primary').click();
  await expect(page).toHaveURL(/\/cases\/\d+/);
  await expect(page.locator('h1')).toHaveText('电饭煲不加热');
  const id = page.url().match(/cases\/(\d+)/)[1];

  await page.locator('.actbar a.btn-primary, .actbar button.btn-primary').click();
  await page.locator('select[name=owner]').selectOption({ index: 1 });
  await page.locator('.actbar button.btn-primary').click();
  await expect(page).toHaveURL(new RegExp(`/cases/${id}`));

  await choose(page, 'visibility', 'internal');
  await page.locator('form.comp textarea[name=body]').fill('没有脚本也能写');
  await page.locator('form.comp button[type=submit]:not([name])').click();
  await expect(page.locator('#timeline')).toContainText('没有脚本也能写');

  await page.goto(`${program.url}/cases?tab=all`);
  await expect(page.locator('main')).toContainText('电饭煲不加热');
});
