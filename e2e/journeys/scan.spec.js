// The counter by scan: a clerk types a sale in, scans the unit anywhere, hears what to say, takes it in with everything filled in, and
// scans it again: the case under way is said first. A code that nobody knows leads to the five questions and to the intake all the same.
import { test, expect, choose, send } from './program.js';

const save = (page) => page.locator('.actbar button.btn-primary').click();

// Lets the page's camera see `picture` (SVG, sharp as the printer makes it) lying on a grey table. The browser of this test cannot read codes itself, as no iPhone
// can, so this goes through the reader that the program brings.
const show = (page, picture) => page.addInitScript((svg) => {
  navigator.mediaDevices.getUserMedia = async () => {
    const table = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const label = new Image();
    label.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await label.decode();
    const pen = table.getContext('2d');
    setInterval(() => {
      pen.fillStyle = '#999';
      pen.fillRect(0, 0, table.width, table.height);
      pen.fillStyle = '#fff';
      pen.fillRect(80, 200, 1120, 320);
      pen.drawImage(label, 140, 260, 1000, 200);
    }, 100);
    return table.captureStream(10);
  };
}, picture);

test('the counter by scan', async ({ page, program, signIn, healthy }) => {
  const stamp = String(Date.now()).slice(-7);
  const serial = `ZX${stamp}`;
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };

  await test.step('the manager makes the product', async () => {
    await signIn('zhou');
    await visit('/products/new');
    await page.locator('[name=name]').fill('破壁机 P8');
    await page.locator('[name=code]').fill(`P8-${stamp}`);
    await page.locator('[name=law_months]').fill('12');
    await save(page);
    await expect(page.locator('h1')).toHaveText('破壁机 P8');
    await healthy();
  });

  await test.step('the clerk pastes the sale from a spreadsheet', async () => {
    await signIn('lin');
    await visit('/sales/paste');
    const day = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
    await page.locator('[name=text]').fill(`小票号\t日期\t商品编码\t单价\t序列号\nR${stamp}\t${day}\tP8-${stamp}\t499\t${serial}`);
    await send(page, page.locator('button[value=look]'));
    await healthy();
    await send(page, page.locator('button[value=save]'));
    await expect(page.locator('.note.ok')).toBeVisible();
    await healthy();
  });

  await test.step('the scan says what to say and takes it in', async () => {
    await visit('/scan');
    await page.locator('#scan-code').fill(serial.toLowerCase());
    await page.keyboard.press('Enter');
    await expect(page.locator('#scan-what')).toContainText('破壁机 P8');
    await expect(page.locator('.lay')).toHaveCount(6);
    await expect(page.locator('.lay.on')).toHaveCount(1);
    await healthy();
    await page.locator('a[href^="/cases/new?"]').first().click();
    await expect(page.locator('[name=serial]')).toHaveValue(serial);
    await choose(page, 'customer', 'anonymous');
    await choose(page, 'kind', 'repair');
    await page.locator('[name=subject]').fill('不转');
    await save(page);
    await expect(page).toHaveURL(/\/cases\/\d+/);
  });

  await test.step('the camera reads the label that was printed', async () => {
    const number = (await page.locator('main').innerText()).match(/FW\d{8}-\d{4}/)[0];
    await visit(`${new URL(page.url()).pathname}/print?paper=label`);
    await show(page, await page.locator('.sheet.lb svg').evaluate((code) => {
      const sharp = code.cloneNode(true);
      for (const [name, value] of [['xmlns', 'http://www.w3.org/2000/svg'], ['width', 1000], ['height', 200]]) sharp.setAttribute(name, value);
      return sharp.outerHTML;
    }));
    await visit('/scan');
    await page.locator('[data-camera]').click();
    await expect(page).toHaveURL(new RegExp(`code=${number}`));
    await expect(page.locator('#scan-sentence')).toContainText(number);
  });

  await test.step('what is under way is said first', async () => {
    await visit(`/scan?code=${serial}`);
    await expect(page.locator('#scan-sentence')).toContainText(/FW\d{8}-\d{4}/);
  });

  await test.step('an unknown code is taken in all the same', async () => {
    await visit('/scan?code=NOBODY77');
    await expect(page.locator('ol.ask li')).toHaveCount(5);
    await page.locator('aside a[href^="/cases/new?"]').click();
    await expect(page.locator('[name=serial]')).toHaveValue('NOBODY77');
  });

  await test.step('the lists are healthy', async () => {
    for (const path of ['/customers', '/products', '/sales', '/units']) await visit(path);
  });
});
