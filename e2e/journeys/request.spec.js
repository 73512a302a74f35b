// The customer's request: scanned at the store, sent with a photo from a phone without an account; the clerk sees it come, and the
// customer adds a word on the progress page.
import { test, expect, choose } from './program.js';
import AxeBuilder from '@axe-core/playwright';

// The smallest PNG there is: one grey pixel.
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==', 'base64');

test('a customer sends a request by QR code', async ({ page, browser, program, signIn, healthy }, info) => {
  const { language, theme } = info.project.metadata;
  await signIn('lin');
  await page.goto(`${program.url}/cases?tab=new`);
  await healthy();

  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: language, colorScheme: theme });
  await phone.addCookies([{ name: 'language', value: language, url: program.url }]);
  const customer = await phone.newPage();
  const well = async () => {
    const { violations } = await new AxeBuilder({ page: customer }).analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
    const { wide, room } = await customer.evaluate(() => ({ wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth }));
    expect(wide, 'the page is wider than the phone').toBeLessThanOrEqual(room);
  };

  await test.step('the form asks for what it needs and keeps what was typed', async () => {
    await customer.goto(`${program.url}/r/HZ01`);
    await well();
    await choose(customer, 'kind', 'repair');
    await customer.locator('#category').selectOption('washer');
    await expect(customer.locator('[name=symptoms][value="washer.no_spin"]')).toBeAttached();
    await choose(customer, 'symptoms', 'washer.no_spin');
    await customer.locator('[name=words]').fill('脱水时停机，显示 E4');
    await customer.locator('[name=phone]').fill('1390000777');
    await customer.locator('#consent').check();
    await customer.locator('.cbtn button').click();
    await expect(customer.locator('[aria-invalid=true]')).toHaveAttribute('name', 'phone');
    await expect(customer.locator('[name=words]')).toHaveValue('脱水时停机，显示 E4');
    await expect(customer.locator('[name=symptoms][value="washer.no_spin"]')).toBeChecked();
    await well();
  });

  await test.step('it is sent with a photo and leads to its progress', async () => {
    await customer.locator('[name=phone]').fill('139 0000 7777');
    await customer.locator('#photo').setInputFiles({ name: 'e4.png', mimeType: 'image/png', buffer: PIXEL });
    // Nobody is faster than a person: the stamp of the form is older than three seconds by now, or the second press goes through.
    await expect(async () => {
      if (!/\/c\//.test(customer.url())) await customer.locator('.cbtn button').click();
      await expect(customer).toHaveURL(/\/c\/[0-9a-f]{64}/, { timeout: 2_000 });
    }).toPass();
    await well();
  });
  const track = customer.url();

  await test.step('the clerk sees it come without asking', async () => {
    const row = page.locator('main').getByText('不脱水').first();
    await expect(row).toBeVisible();
    await row.click();
    await expect(page).toHaveURL(/\/cases\/\d+/);
    await expect(page.locator('main')).toContainText('139****7777');
    await healthy();
  });

  await test.step('the customer adds a word', async () => {
    await customer.goto(track.split('?')[0]);
    await customer.locator('[name=body]').fill('今晚在家');
    await customer.locator('form[action$="/message"] button').click();
    await expect(customer.locator('main')).toContainText('今晚在家');
    await page.reload();
    await expect(page.locator('main')).toContainText('今晚在家');
  });
  await phone.close();
});
