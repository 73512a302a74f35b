// The star board from the gauge to a single case: an indicator is judged and says by whom, the plan becomes tasks, another scheme is chosen, a register says
// what is missing, and the command line prints what the page shows.
import { test, expect, send } from './program.js';

test('the score, what it rests on and the way up', async ({ page, program, signIn, healthy }) => {
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  const score = async (query = '') => (await page.request.get(`${program.url}/api/v1/score${query}`)).json();

  await test.step('from the gauge to a case', async () => {
    await signIn('he');
    await visit('/score');
    await expect(page.locator('#score-now table').first()).toBeAttached();
    await page.locator('a.t[href*="/score/items/5.3.1.3"]').first().click();
    await healthy();
    await page.locator('#evidence a.btn').first().click();
    await healthy();
    await expect(page).toHaveURL(/\/cases/);
    await page.locator('a[href^="/cases/"]').first().click();
    await healthy();
  });

  await test.step('somebody judges, with a reason, and the score follows', async () => {
    const before = await score();
    await visit('/score/items/5.1.6.2');
    await page.locator('#judge select[name=what]').selectOption('earns');
    await page.locator('[name=percent]').fill('0');
    await page.locator('#judge [name=reason]').fill('证书已过期，待换证');
    await send(page, page.locator('#judge button[type=submit]'));
    await healthy();
    await expect(page.locator('main')).toContainText('证书已过期，待换证');
    const after = await score();
    expect(after.score_high).toBeLessThan(before.score_high);
  });

  await test.step('the plan becomes tasks', async () => {
    await visit('/score/plan');
    const steps = await page.locator('ol.plain li').count();
    expect(steps).toBeGreaterThan(0);
    await page.locator('select[name=owner]').selectOption({ index: 1 });
    await send(page, page.locator('form[action="/score/plan"][method=post] button[type=submit]'));
    await healthy();
    await expect(page.locator('#tasks form[action$="/done"]')).toHaveCount(steps);
  });

  await test.step('another scheme, the same pages', async () => {
    await visit('/score?scheme=patrol');
    await expect(page.locator('#score-now a[href*="scheme=patrol"]').first()).toBeVisible();
    expect((await score('?scheme=patrol')).scheme).toBe('patrol 1');
  });

  await test.step('a register says what is missing', async () => {
    await visit('/score/registers');
    await page.locator('a[href^="/score/registers/people"]').click();
    await healthy();
    await visit('/score/proposals');
    await visit('/score/records/paste');
  });

  await test.step('the command line prints the same', async () => {
    const printed = JSON.parse(program.command('score', '--json'));
    const shown = await score();
    for (const key of ['scheme', 'unit', 'score_low', 'score_high', 'level_low', 'level_high', 'estimate']) expect(printed[key]).toEqual(shown[key]);
  });
});
