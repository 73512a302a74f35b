// Papers as they leave the browser: each prints on its own size and on as many sheets as it should.
import { test, expect } from './program.js';

const MM = 72 / 25.4;
const papers = {
  t80: [80, 200], 't80-house': [80, 200], dm: [241, 140], a5: [148, 210], 'a5-house': [148, 210], a4: [210, 297], label: [60, 40],
};

// The page boxes of a PDF, in points.
const boxes = (pdf) => [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[\s*([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s*\]/g)]
  .map(([, left, top, right, bottom]) => [Number(right) - Number(left), Number(bottom) - Number(top)]);

test('each paper has the size of its printer', async ({ page, program, signIn, healthy }, info) => {
  await signIn('lin');
  await page.goto(`${program.url}/cases`);
  const href = (await page.locator('a.t[href^="/cases/"]').first().getAttribute('href')).split('?')[0];
  for (const [paper, [width, height]] of Object.entries(papers)) {
    await test.step(paper, async () => {
      await page.goto(`${program.url}${href}/print?paper=${paper}`);
      await healthy();
      await page.emulateMedia({ media: 'print' });
      await expect(page.locator('.sheet')).toBeHidden();
      await page.emulateMedia({ media: null });
      await page.evaluate(() => { window.print = () => {}; });
      await page.locator('form[action$="/print"] button').click();
      await expect(page.locator('.sheet:not(.preview)')).toBeVisible();
      const found = boxes(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
      expect(found, 'one sheet').toHaveLength(1);
      expect(Math.abs(found[0][0] - width * MM), `${paper} is ${width} mm wide`).toBeLessThan(1.5);
      expect(Math.abs(found[0][1] - height * MM), `${paper} is ${height} mm high`).toBeLessThan(1.5);
    });
  }
  await test.step('a second print says so, on the same paper as last time', async () => {
    await page.goto(`${program.url}${href}/print`);
    await expect(page.locator('[aria-current=page]')).toHaveAttribute('href', /paper=label/);
    await page.goto(`${program.url}${href}/print?paper=a5`);
    await expect(page.locator('.sheet .re')).toContainText('5');
    info.annotations.push({ type: 'papers', description: Object.keys(papers).join(' ') });
  });
});
