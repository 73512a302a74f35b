// Makes docs/images again: a demo company of its own, played through in both languages, photographed, reduced with pngquant.
//   AFTERCARE=target/release/aftercare node docs/screenshots.mjs [folder]
// Needs the program, e2e/node_modules (npm ci in e2e), Chromium and pngquant (both in Debian).
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const { chromium } = await import(join(root, 'e2e/node_modules/playwright-core/index.mjs'));
const program = resolve(process.env.AFTERCARE ?? join(root, 'target/release/aftercare'));
const images = resolve(process.argv[2] ?? join(root, 'docs/images'));
const home = mkdtempSync(join(tmpdir(), 'aftercare-images-'));
const password = 'aftercare-demo';
const most = 120 * 1024;

/** Starts the program; answers with its address once it serves. */
function start(port, ...args) {
  const child = spawn(program, [...args, '--listen', `127.0.0.1:${port}`], { env: { ...process.env, AFTERCARE_LOG: 'error' } });
  return new Promise((done, failed) => {
    child.on('exit', (code) => failed(new Error(`the program ended with ${code}`)));
    child.stdout.on('data', (text) => {
      const url = /http:\/\/\S+/.exec(text)?.[0];
      if (url) done({ url, stop: () => child.removeAllListeners('exit').kill('SIGTERM') });
    });
  });
}

const words = {
  'zh-CN': {
    name: '孙倩', product: '洗碗机 D8', subject: '洗碗机漏水，厨房地面湿了', body: '昨晚开始漏水，接水盘每小时满一次。', findings: '门封条老化，漏水来自门下沿。',
    repair: '更换门封条并试机', exchange: '整机换新', part: '门封条', labour: '上门工时', note: '配件仓库有现货', answer: '师傅明天上午到，来之前打电话。', find: '漏水',
  },
  en: {
    name: 'Sun Qian', product: 'Dishwasher D8', subject: 'Dishwasher leaks, the kitchen floor is wet', body: 'It has leaked since last night; the pan fills every hour.',
    findings: 'The door seal is worn; water comes from the lower edge.', repair: 'Replace the door seal and test', exchange: 'Exchange the machine', part: 'Door seal',
    labour: 'Labour at home', note: 'The part is in stock', answer: 'The technician comes tomorrow morning and calls before.', find: '漏水',
  },
};

async function play(browser, { url }, fresh, language, phone) {
  const text = words[language];
  const short = language.slice(0, 2);
  const open = async (width, theme = 'light') => {
    const context = await browser.newContext({
      viewport: { width, height: width > 700 ? 800 : 780 }, locale: language, timezoneId: 'Asia/Shanghai', colorScheme: theme, reducedMotion: 'reduce',
    });
    for (const at of [url, fresh.url]) await context.addCookies([{ name: 'language', value: language, url: at }, { name: 'theme', value: theme, url: at }]);
    return context.newPage();
  };
  const shot = async (page, name, { part, full = false } = {}) => {
    await page.evaluate(() => {
      document.activeElement?.blur();
      window.scrollTo(0, 0);
    });
    await page.waitForLoadState('networkidle', { timeout: 800 }).catch(() => {}); // pages with a live stream are never idle
    const path = join(images, `${name}.${short}.png`);
    await (part ? page.locator(part).first() : page).screenshot({ path, ...(part ? {} : { fullPage: full }) });
    for (const colours of [128, 64, 32, 16]) {
      const made = spawnSync('pngquant', ['--force', '--skip-if-larger', '--speed', '1', '--nofs', '--output', path, String(colours), path]);
      if (made.error) throw new Error('pngquant is missing: apt-get install pngquant');
      if (statSync(path).size <= most) break;
    }
    if (statSync(path).size > most) throw new Error(`${path} is larger than ${most} bytes`);
  };
  const signIn = async (page, login) => {
    await page.context().clearCookies({ name: /session/ });
    await page.goto(`${url}/login`);
    await page.fill('[name=login]', login);
    await page.fill('[name=password]', password);
    await page.click('form[action*="/login"] button[type=submit]');
    await page.waitForURL((at) => !at.pathname.startsWith('/login'));
  };
  const save = async (page) => {
    await page.locator('.actbar button.btn-primary').click();
    await page.waitForLoadState();
  };
  const check = (page, name, value) => page.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
  const act = (page, id, command) => page.goto(`${url}/cases/${id}/do/${command}`);

  const page = await open(1280);
  await page.goto(`${fresh.url}/setup`);
  await shot(page, 'setup');
  await page.goto(`${url}/login`);
  await shot(page, 'login');

  await signIn(page, 'lin');
  await page.locator('[name="customer.phone"]').fill(phone);
  await page.locator('form.quick button[type=submit]').click();
  await page.locator('[name="customer.name"]').fill(text.name);
  await check(page, 'channel', 'phone');
  await check(page, 'kind', 'repair');
  await page.locator('[name=subject]').fill(text.subject);
  await page.locator('[name=body]').fill(text.body);
  await page.locator('[name=product]').fill(text.product);
  await page.setViewportSize({ width: 1280, height: 1380 });
  await shot(page, 'intake');
  await page.setViewportSize({ width: 1280, height: 800 });
  await save(page);
  const id = /cases\/(\d+)/.exec(page.url())[1];
  await page.goto(`${url}/cases/${id}/print`);
  await shot(page, 'slip', { part: '.sheet' });
  await act(page, id, 'accept');
  const owner = page.locator('select[name=owner]');
  await owner.selectOption({ label: await owner.locator('option', { hasText: '陈志远' }).innerText() });
  await shot(page, 'accept');
  await save(page);

  await signIn(page, 'chen');
  await shot(page, 'workbench');
  await act(page, id, 'analyse');
  await save(page);
  for (const [visibility, said] of [['internal', text.note], ['public', text.answer]]) {
    await page.goto(`${url}/cases/${id}`);
    await check(page, 'visibility', visibility);
    await page.locator('form.comp textarea[name=body]').fill(said);
    await page.locator('form.comp button[type=submit]').click();
    await page.waitForLoadState();
  }
  await act(page, id, 'propose');
  await page.locator('[name=findings]').fill(text.findings);
  await page.locator('[name="options.0.text"]').fill(text.repair);
  for (const [line, item, amount, bearer] of [[0, text.part, '120.00', 'customer'], [1, text.labour, '80.00', 'store']]) {
    await page.locator(`[name="options.0.lines.${line}.text"]`).fill(item);
    await page.locator(`[name="options.0.lines.${line}.amount"]`).fill(amount);
    await page.locator(`[name="options.0.lines.${line}.bearer"]`).selectOption(bearer);
  }
  await page.setViewportSize({ width: 1280, height: 860 });
  await shot(page, 'propose');
  await page.setViewportSize({ width: 1280, height: 800 });
  await save(page);
  await shot(page, 'link');
  const plan = await page.locator('#customer-link').getAttribute('href');

  const phonePage = await open(390);
  await phonePage.goto(plan);
  await shot(phonePage, 'customer-plan', { full: true });
  await phonePage.locator('button[name=answer][value=yes]').click();
  await phonePage.waitForLoadState();

  await page.goto(`${url}/cases/${id}`);
  await page.setViewportSize({ width: 1280, height: 1240 });
  await shot(page, 'case');
  await page.setViewportSize({ width: 1280, height: 800 });
  const last = await page.locator('.clock a').nth(1).getAttribute('href');
  await page.goto(url + last);
  await shot(page, 'deadline', { part: 'main' });
  await act(page, id, 'wait');
  await shot(page, 'wait');

  await act(page, id, 'resolve');
  await check(page, 'outcome', 'fixed');
  await check(page, 'cause', 'product');
  await page.locator('[name=note]').fill(text.repair);
  await shot(page, 'resolve');
  await save(page);
  await act(page, id, 'close');
  await check(page, 'by', 'customer');
  await check(page, 'proof', 'phone');
  await page.locator('[name=note]').fill('OK');
  await save(page);
  await page.goto(`${url}/cases/${id}/link`);
  await check(page, 'purpose', 'rate');
  await save(page);
  await phonePage.goto(await page.locator('#customer-link').getAttribute('href'));
  await phonePage.locator('button[name=csat][value="5"]').click();
  await phonePage.waitForLoadState();
  await shot(phonePage, 'customer-rate', { full: true });

  await signIn(page, 'zhou');
  for (const [name, path] of [
    ['list', '/cases'], ['metrics', '/metrics'], ['metric', '/metrics/cases-closed'], ['ratings', '/surveys'], ['search', `/search?q=${encodeURIComponent(text.find)}`],
  ]) {
    await page.goto(url + path);
    await shot(page, name);
  }
  await page.goto(`${url}/surveys`);
  await page.locator('a[href$="/recovered"]').first().click();
  await shot(page, 'recovery');

  await signIn(page, 'admin');
  for (const [name, path] of [['people', '/settings/people'], ['person', '/settings/people/new'], ['units', '/settings/units'], ['roles', '/settings/roles'], ['me', '/me']]) {
    await page.goto(url + path);
    await shot(page, name);
  }
  const dark = await open(390, 'dark');
  await signIn(dark, 'chen');
  await shot(dark, 'phone-dark');
}

mkdirSync(images, { recursive: true });
const company = await start(8391, 'demo', '--cases', '400', '--data', join(home, 'demo'));
const fresh = await start(8392, 'serve', '--data', join(home, 'fresh'));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'] });
try {
  await play(browser, company, fresh, 'zh-CN', '13900001234');
  await play(browser, company, fresh, 'en', '13900005678');
} finally {
  await browser.close();
  company.stop();
  fresh.stop();
  rmSync(home, { recursive: true, force: true });
}
