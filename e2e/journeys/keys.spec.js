// A list by keyboard alone, the list of shortcuts, and two people who change the same case: the second one loses nothing.
import { test, expect, choose, send } from './program.js';

test('rows, shortcuts and places by keyboard', async ({ page, program, signIn, healthy }) => {
  const { keyboard } = page;
  const row = (n) => page.locator('[data-rows] tbody tr').nth(n);

  await test.step('J and K walk the rows, Enter opens the one that is marked', async () => {
    await signIn('zhou');
    await page.goto(`${program.url}/cases`);
    await expect(row(1)).toBeVisible();
    await keyboard.press('j');
    await expect(row(0)).toHaveAttribute('aria-current', 'true');
    await keyboard.press('j');
    await expect(row(1)).toHaveAttribute('aria-current', 'true');
    await expect(row(0)).not.toHaveAttribute('aria-current', 'true');
    await expect(row(1).locator('a.t')).toBeFocused();
    await keyboard.press('k');
    await expect(row(0).locator('a.t')).toBeFocused();
    await healthy();
    const href = await row(0).locator('a.t').getAttribute('href');
    await keyboard.press('Enter');
    await expect(page).toHaveURL(program.url + href);
  });

  await test.step('? shows the shortcuts and Escape takes them away', async () => {
    await keyboard.press('?');
    await expect(page.locator('#keys')).toBeVisible();
    await expect(page.locator('#keys button').first()).toBeFocused();
    await healthy();
    await keyboard.press('Escape');
    await expect(page.locator('#keys')).toBeHidden();
  });

  await test.step('a key inside a field is a letter', async () => {
    await page.goto(`${program.url}/cases`);
    await page.locator('#q').focus();
    await keyboard.type('jk?');
    await expect(page.locator('#q')).toHaveValue('jk?');
    await expect(page.locator('#keys')).toBeHidden();
  });
});

test('who saves second chooses field by field', async ({ page, program, signIn, healthy }) => {
  await signIn('zhou');
  const { items } = await (await page.request.get(`${program.url}/api/v1/cases?tab=all&limit=200`)).json();
  const { id } = items.find((one) => ['accepted', 'analysing', 'executing'].includes(one.state));
  const form = `${program.url}/cases/${id}/do/assign`;
  await page.goto(form);
  const owner = page.locator('select[name=owner]');
  const now = await owner.inputValue();
  const others = (await owner.locator('option').evaluateAll((all) => all.map((one) => one.value))).filter((one) => one !== '' && one !== now);
  const [mine, theirs] = others;
  expect(theirs, 'somebody else to give it to').toBeTruthy();

  const second = await page.context().newPage();
  await second.goto(form);
  await second.locator('select[name=owner]').selectOption(theirs);
  await send(second, second.locator('.actbar button.btn-primary'));
  await second.close();

  await owner.selectOption(mine);
  await send(page);
  const box = page.locator('.conf');
  await expect(box).toBeVisible();
  await expect(owner).toHaveValue(mine);
  await healthy();
  await choose(page, 'take-owner', 'theirs');
  await send(page, box.locator('button[type=submit]').first());
  await expect(page).toHaveURL(new RegExp(`/cases/${id}`));
  const saved = await (await page.request.get(`${program.url}/api/v1/cases/${id}`)).json();
  expect(String(saved.owner?.id ?? saved.owner)).toBe(theirs);
});
