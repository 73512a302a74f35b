// An audit from outside: headquarters plans it, draws the sample and lets the assessor in; the assessor looks at drawn cases and nothing
// else and writes two findings; an owner answers; the assessor says yes.
import { test, expect, choose, send } from './program.js';

test('an audit, from the plan to the assessor\'s yes', async ({ page, program, signIn, unknown, healthy }) => {
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  const status = async (path) => (await page.request.get(program.url + path, { maxRedirects: 0 })).status();
  const day = (days) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const secret = 'an assessor walks in 2026';
  let audit;
  let code;
  let drawn;
  const findings = [];

  await test.step('headquarters plans it and draws the sample', async () => {
    await signIn('he');
    await visit('/audits/new');
    await choose(page, 'kind', 'external');
    const fields = { title: '复评审核', body: '某认证中心', lead_name: '赵评审', from_on: day(0), until_on: day(3) };
    for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(value);
    await send(page);
    await expect(page).toHaveURL(/\/audits\/\d+$/);
    audit = new URL(page.url()).pathname;
    await healthy();
    await visit(`${audit}/draw`);
    await page.locator('[name=stores]').fill('3');
    await page.locator('[name=seed]').fill('42');
    await send(page);
    await expect(page).toHaveURL(/\/sample$/);
    await send(page, page.locator('.acts a.btn-primary'));
    await expect(page.locator('.note.ok')).toBeVisible();
    drawn = await page.locator('a.li[href*="/cases/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    expect(drawn.length).toBeGreaterThan(0);
    await visit(audit);
    await send(page, page.locator('form:has(input[name=to][value=running]) button'));
  });

  await test.step('and lets the assessor in', async () => {
    await visit(`${audit}/access`);
    await page.locator('[name=login]').fill('zhao.assessor');
    await send(page, page.locator('form[action$="/access"] button[type=submit]'));
    await healthy();
    code = await page.locator('#given-code').textContent();
  });

  await test.step('the assessor sets a password, sees drawn cases and nothing else', async () => {
    await unknown();
    await page.goto(`${program.url}/activate?login=zhao.assessor`);
    await page.locator('[name=code]').fill(code);
    await page.locator('[name=password]').fill(secret);
    await page.locator('form[action="/activate"] button[type=submit]').click();
    await expect(page).toHaveURL(/\/assessing$/);
    await healthy();
    await visit(drawn[0]);
    await expect(page.locator('main')).toContainText('**');
    expect(await status('/cases')).toBe(403);
    expect(await status('/customers')).toBe(403);
    const [, whole] = drawn[0].match(/\/cases\/(\d+)$/);
    expect(await status(`/cases/${whole}`)).toBe(403);
    expect(await status(`${audit}/cases/1`)).toBe(404);
    await visit('/score');
  });

  await test.step('and writes two findings', async () => {
    await visit(drawn[0]);
    for (const seen of ['单据录入晚于到店 3 小时', '价目表没有写上门费']) {
      await (findings.length === 0 ? send(page, page.locator('.acts a.btn-primary')) : visit(`${audit}/findings/new`));
      await choose(page, 'severity', findings.length === 0 ? 'minor' : 'observation');
      await page.locator('[name=clause]').selectOption('5.3.2.1');
      await page.locator('[name=seen]').fill(seen);
      await send(page);
      await expect(page).toHaveURL(/\/findings\/\d+$/);
      findings.push(new URL(page.url()).pathname);
      await healthy();
    }
    await page.goto(`${program.url}${findings[0]}/print`);
    await expect(page.locator('article.a4')).toContainText('单据录入晚于到店');
  });

  await test.step('an owner is named and answers', async () => {
    await signIn('he');
    await visit(findings[0]);
    const zhou = await page.locator('select[name=owner] option', { hasText: '周敏' }).first().getAttribute('value');
    await page.locator('select[name=owner]').selectOption(zhou);
    await send(page, page.locator('#assign button[type=submit]'));
    const log = await page.request.get(program.url + audit);
    expect(await log.text()).toContain('/visits/');
    await signIn('zhou');
    await visit('/findings?show=mine');
    await visit(findings[0]);
    for (const [name, value] of Object.entries({ cause: '高峰时先服务后补录', done: '柜台放纸单，当天补录并标明', proof: '纸单照片' })) {
      await page.locator(`[name="${name}"]`).fill(value);
    }
    await send(page, page.locator('#answer button[type=submit]'));
    await healthy();
  });

  await test.step('the assessor says yes, and headquarters reads what was looked at', async () => {
    await unknown();
    await page.goto(`${program.url}/login`);
    await page.locator('[name=login]').fill('zhao.assessor');
    await page.locator('[name=password]').fill(secret);
    await page.locator('form[action="/login"] button[type=submit]').click();
    await expect(page).toHaveURL(/\/assessing$/);
    await visit(findings[0]);
    await send(page, page.locator('button[name=good][value=yes]'));
    await expect(page.locator('.chip.ok')).toBeVisible();
    await signIn('he');
    await visit(audit);
    await send(page, page.locator('a[href*="/visits/"]').first());
    await healthy();
    await expect(page.locator('main')).toContainText('/customers');
  });
});
