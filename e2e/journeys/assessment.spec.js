// Headquarters keeps the score of today, compares it with that of last season, prints the report, and takes the bundle to a machine that
// has no database: there it is proved, and a changed byte is named.
import { test, expect, send } from './program.js';
import { readFileSync, writeFileSync } from 'node:fs';

test('a self-assessment is kept, compared, printed and proved elsewhere', async ({ page, program, signIn, healthy }, info) => {
  await signIn('he');
  let one;

  await test.step('it is made and signed', async () => {
    await page.goto(`${program.url}/assessments`);
    await healthy();
    await page.locator('a[href="/assessments/new"]').click();
    await healthy();
    await page.locator('[name=title]').fill('送审自评');
    await send(page, page.locator('form[action="/assessments"] button.btn-primary'));
    await healthy();
    one = new URL(page.url()).pathname;
    expect(one).toMatch(/^\/assessments\/\d+$/);
    await expect(page.locator('h1')).toHaveText('送审自评');
    await page.locator('table details summary').first().click();
    await expect(page.locator('table details[open] a').first()).toBeVisible();
  });

  await test.step('compared with the first one, it says what changed', async () => {
    const value = await page.locator('#before option').last().getAttribute('value');
    await page.locator('#before').selectOption(value);
    await page.locator('form[action="/assessments/compare"] button').click();
    await expect(page).toHaveURL(/\/assessments\/compare\?/);
    await healthy();
    await expect(page.locator('tbody tr').first()).toBeVisible();
  });

  await test.step('the report fits its sheets, and its index names them', async () => {
    await page.goto(`${program.url}${one}/report`);
    await healthy();
    const sheets = await page.locator('.sheet').count();
    expect(sheets).toBeGreaterThan(6);
    const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    expect([...pdf.matchAll(/\/MediaBox/g)], 'one page for each sheet').toHaveLength(sheets);
    const last = await page.locator('.rep-index td:last-child').last().textContent();
    expect(Number(last)).toBeLessThanOrEqual(sheets);
  });

  await test.step('the bundle is proved without the database', async () => {
    await page.goto(program.url + one);
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`a[href="${one}/bundle.zip"]`).click()]);
    const file = info.outputPath('bundle.zip');
    await download.saveAs(file);
    const [, key] = program.command('verify').match(/key (\S+)/);
    const said = program.command('verify', file, '--key', key);
    expect(said).toContain('proved: whole');
    expect(said).toContain('other records');
    const bytes = readFileSync(file);
    const at = bytes.indexOf('2026 年售后服务预算');
    expect(at).toBeGreaterThan(0);
    bytes[at] ^= 1;
    const changed = info.outputPath('changed.zip');
    writeFileSync(changed, bytes);
    let broken = '';
    try {
      program.command('verify', changed, '--key', key);
    } catch (failed) {
      broken = String(failed.stdout);
    }
    expect(broken).toMatch(/BROKEN: part: \S+/);
  });
});
