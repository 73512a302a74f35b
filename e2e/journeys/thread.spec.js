// The thread: a clerk takes a case by phone number, a technician works it, the customer confirms by link and rates, the manager sees
// it in the store's list and in a metric, and the journal proves it.
import { test, expect, choose, send as save } from './program.js';

const phone = '139 0000 1234';

test('one request, from the counter to the rating', async ({ page, browser, program, signIn, healthy }, info) => {
  const { width } = info.project.metadata;
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  const act = async (id, command) => visit(`/cases/${id}/do/${command}`);

  await test.step('the manager notes how many cases were resolved before', async () => {
    await signIn('zhou');
    await visit('/metrics?days=7');
  });
  const figure = async () => {
    await visit('/metrics/cases-closed?days=7');
    return page.locator('main').innerText();
  };
  const before = await figure();

  await test.step('the clerk takes the case in by phone number', async () => {
    await signIn('lin');
    await healthy();
    await page.locator('[name="customer.phone"]').fill(phone);
    await page.locator('form.quick button[type=submit]').click();
    await expect(page).toHaveURL(/\/cases\/new/);
    await expect(page.locator('#customer-phone')).toHaveValue(/139\s?0000\s?1234/);
    await page.locator('[name="customer.name"]').fill('孙倩');
    await choose(page, 'customer', 'new');
    await choose(page, 'channel', 'phone');
    await choose(page, 'kind', 'repair');
    await page.locator('[name=subject]').fill('洗碗机漏水，厨房地面湿了');
    await page.locator('[name=body]').fill('昨晚开始漏水，接水盘每小时满一次。');
    await page.locator('[name=product]').fill('洗碗机 D8');
    await healthy();
    await save(page);
    await expect(page).toHaveURL(/\/cases\/\d+/);
    await healthy();
  });
  const id = page.url().match(/cases\/(\d+)/)[1];
  await expect(page.locator('h1')).toHaveText('洗碗机漏水，厨房地面湿了');
  await expect(page.locator('main')).toContainText('139****1234');

  await test.step('a due time explains itself', async () => {
    const why = await page.locator('.clock a').first().getAttribute('href');
    await visit(why);
    await expect(page.locator('main')).toContainText(/09:00|21:00/);
  });

  await test.step('the slip prints on A5 with a masked number', async () => {
    await visit(`/cases/${id}/print`);
    await expect(page.locator('.sheet')).toContainText('139****1234');
    await expect(page.locator('.sheet')).not.toContainText('13900001234');
  });

  await test.step('the clerk accepts it for the technician', async () => {
    await act(id, 'accept');
    await page.locator('select[name=owner]').selectOption({ label: await page.locator('select[name=owner] option', { hasText: '陈志远' }).innerText() });
    await save(page);
    await expect(page).toHaveURL(new RegExp(`/cases/${id}`));
  });

  await test.step('the technician works it and proposes a plan', async () => {
    await signIn('chen');
    await healthy();
    await expect(page.locator('#my-queue')).toContainText('洗碗机漏水');
    await act(id, 'analyse');
    await save(page);
    await act(id, 'propose');
    await page.locator('[name=findings]').fill('门封条老化');
    await page.locator('[name="options.0.text"]').fill('更换门封条并试机');
    await healthy();
    await save(page);
    await page.goto(`${program.url}/cases/${id}`);
    await expect(page.locator('main')).toContainText('更换门封条并试机');
    await choose(page, 'visibility', 'internal');
    await page.locator('form.comp textarea[name=body]').fill('配件仓库有现货');
    await page.locator('form.comp button[type=submit]:not([name])').click();
    await expect(page.locator('#timeline')).toContainText('配件仓库有现货');
    await healthy();
  });

  const customerLink = async (purpose) => {
    await visit(`/cases/${id}/link`);
    await choose(page, 'purpose', purpose);
    await save(page);
    await healthy();
    return page.locator('#customer-link').getAttribute('href');
  };

  const link = await customerLink('decide');
  const customer = await browser.newContext({
    locale: info.project.metadata.language, viewport: { width: Math.min(width, 390), height: 844 }, colorScheme: info.project.metadata.theme,
  });
  await test.step('the customer confirms by link, once', async () => {
    const phonePage = await customer.newPage();
    await phonePage.goto(link);
    await expect(phonePage.locator('main')).toContainText('更换门封条并试机');
    await expect(phonePage.locator('main')).not.toContainText('配件仓库有现货');
    await phonePage.locator('button[name=answer][value=yes]').click();
    await expect(phonePage.locator('[role=status]:not(#offline)').first()).toBeVisible();
    await phonePage.goto(link);
    await expect(phonePage.locator('button[name=answer]')).toHaveCount(0);
    await phonePage.close();
  });

  await test.step('the technician resolves it, the counter closes it with the customer’s word', async () => {
    await act(id, 'resolve');
    await choose(page, 'outcome', 'fixed');
    await choose(page, 'cause', 'product');
    await page.locator('[name=note]').fill('门封条已更换，试机两次不漏');
    await save(page);
    await act(id, 'close');
    await choose(page, 'proof', 'phone');
    await page.locator('[name=note]').fill('回访，顾客说修好了');
    await save(page);
    await expect(page).toHaveURL(new RegExp(`/cases/${id}`));
  });

  const rate = await customerLink('rate');
  await test.step('the customer rates', async () => {
    const phonePage = await customer.newPage();
    await phonePage.goto(rate);
    await phonePage.locator('button[name=csat][value="5"]').click();
    await expect(phonePage.locator('[role=status]:not(#offline)').first()).toBeVisible();
    await phonePage.locator('[name=words]').fill('修得很快');
    await phonePage.locator('form.card button[type=submit]').click();
    await expect(phonePage.locator('[role=status]:not(#offline)').first()).toBeVisible();
    await customer.close();
  });

  await test.step('the manager sees it in the list, in the ratings and in the metric', async () => {
    await signIn('zhou');
    await visit('/cases?tab=all');
    await expect(page.locator('main')).toContainText('洗碗机漏水');
    await visit('/surveys');
    await expect(page.locator('main')).toContainText('修得很快');
    expect(await figure()).not.toBe(before);
    await visit(`/search?q=${encodeURIComponent('漏水')}`);
    await expect(page.locator('main')).toContainText('洗碗机漏水');
  });

  await test.step('the record is proved', async () => {
    expect(program.command('verify')).toContain('nothing is wrong');
  });
});
