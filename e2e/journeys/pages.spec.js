// Every page, looked at once: each role signs in and follows the links of its menu, its settings and one record of every kind. The list of
// pages is the program's own (the snapshot of its routes), so that a page without a visit fails here.
import { test, expect, choose } from './program.js';
import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const snapshot = path.resolve(import.meta.dirname, '../../crates/aftercare/tests/it/snapshots/it__catalogue__routes_and_who_may_call_them.snap');
const routes = [...readFileSync(snapshot, 'utf8').matchAll(/^GET (\/\S*)/gm)].map(([, route]) => route).filter((route) => !route.startsWith('/api/'));

// What answers with a piece of a page, a file or a way to another page.
const PIECES = /^\/(cases\/new\/(beside|goods|lookup|symptoms)|cases\/\{id\}\/similar|cases\.csv|complaints\.csv|complaints\/\{id\}\/dossier\.zip|files\/.*|notices\/(bell|\{id\})|setup)$|\/files\//;
// What needs a record that a small demo company has on some days only, or a link that only a message holds.
const RARE = /\/merges?(\/|$)|^\/a\/|^\/rate\/|^\/tasks\/\{id\}|\/\{id\}\/(edit|reveal|check|phone|recovered)$/;

// The route that answers a path: the one with the fewest blanks.
const routeOf = (address) => {
  const parts = address.split('/');
  const fits = routes.filter((route) => {
    const names = route.split('/');
    return names.length === parts.length && names.every((name, i) => (name.startsWith('{') ? parts[i] !== '' : name === parts[i]));
  });
  return fits.sort((a, b) => a.split('{').length - b.split('{').length)[0];
};
// One visit for each route; a command is a page of its own.
const pageOf = (address) => {
  const route = routeOf(address);
  return route?.replace(/\{(command|act)\}$/, address.split('/').pop());
};

// Everything that a page may not be, in one list of sentences.
const looked = async (page, answer, { status = 200, axe = true, named = page.url() } = {}) => {
  const where = new URL(named).pathname + new URL(named).search;
  const wrong = [];
  if (answer?.status() !== status) wrong.push(`${where}: ${answer?.status()} instead of ${status}`);
  const seen = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    heads: document.querySelectorAll('h1').length,
    title: document.title.trim(),
    text: [document.title, ...[...document.querySelectorAll('main, nav, header, footer, body > form')].map((part) => {
      const plain = part.cloneNode(true);
      plain.querySelectorAll('.mono, code, script, textarea').forEach((code) => code.remove());
      return plain.textContent;
    })].join('\n'),
  }));
  if (seen.wide > 0) wrong.push(`${where}: ${seen.wide} px wider than the screen`);
  if (seen.heads !== 1) wrong.push(`${where}: ${seen.heads} h1`);
  if (!seen.title) wrong.push(`${where}: no title`);
  const left = seen.text.match(/\{\s?[$-][^}]*\}?|(?<![\w./@-])(?:web|cases|parties|surveys|outbox|administration|insight|approvals|notices|feedback|channels|returns|complaints|fault|field)-[a-z]+(?:-[a-z]+)*(?![\w./@-])|undefined|\[object /);
  if (left) wrong.push(`${where}: “${left[0]}” is no text`);
  if (axe) {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    wrong.push(...violations.map((v) => `${where}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`));
  }
  return wrong;
};

// So many pages would make a trace of hundreds of megabytes; what is wrong is said in words.
test.use({ trace: 'off' });

test('every page is looked at', async ({ page, browser, program, signIn }, info) => {
  test.setTimeout(600_000);
  const { language, theme, width } = info.project.metadata;
  const wrong = [];
  let said = [];
  page.on('console', (message) => { if (message.type() === 'error') said.push(message.text()); });
  page.on('pageerror', (error) => said.push(String(error)));

  const visited = new Set();
  const look = async (address, options) => {
    said = [];
    const answer = await page.goto(program.url + address);
    wrong.push(...await looked(page, answer, options));
    if ((options?.status ?? 200) === 200) wrong.push(...said.map((line) => `${address}: ${line}`));
  };
  const links = () => page.locator('a[href^="/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href').split('#')[0]));
  const fresh = (address) => {
    const [bare] = address.split('?');
    return routeOf(bare) && !PIECES.test(routeOf(bare)) && !visited.has(pageOf(bare));
  };
  // Opens what it is told to, and from there every link to a page that nobody has looked at.
  const walk = async (starts) => {
    const told = new Set(starts);
    const ahead = [...starts];
    for (let address = ahead.shift(); address !== undefined; address = ahead.shift()) {
      const name = pageOf(address.split('?')[0]);
      if (!told.delete(address) && !fresh(address)) continue;
      await look(address, { axe: !visited.has(name) });
      visited.add(name);
      ahead.push(...(await links()).filter(fresh));
    }
    expect.soft(wrong.splice(0)).toEqual([]);
  };
  const offered = async () => [...new Set((await page.locator('nav a[href^="/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href'))))
    .filter((href) => routeOf(href.split('?')[0])))];

  // The first record of a list that this person may change, and what hangs on it.
  const editable = async (list) => {
    await page.goto(program.url + list);
    for (const href of (await links()).filter((one) => new RegExp(`^${list}/\\d+$`).test(one))) {
      await page.goto(program.url + href);
      const further = (await links()).filter(fresh);
      if (further.some((one) => one.endsWith('/edit'))) return walk(further);
    }
    return undefined;
  };

  await test.step('what anybody may see', async () => {
    await page.context().addCookies([{ name: 'language', value: language, url: program.url }, { name: 'theme', value: theme, url: program.url }]);
    for (const address of ['/login', '/activate', '/switch', '/r/HZ01']) {
      await look(address);
      visited.add(pageOf(address));
    }
    await look('/r/NOWHERE', { status: 404 });
    await look(`/c/${'0'.repeat(64)}`, { status: 404 });
  });

  await test.step('the clerk: intake, scan, parties', async () => {
    await signIn('lin');
    await walk([...await offered(), '/menu', '/me', '/cases?tab=all']);
    await walk(['/verdicts/customer', '/scan?code=NOBODY77', '/cases?q=nothingatall', `/search?q=${encodeURIComponent('漏水')}`, '/search?q=nothingatall']);
    for (const list of ['/customers', '/sales', '/units']) await editable(list);
    await look('/cases/1', { status: 404 });
    await look('/settings/history', { status: 403 });
  });

  await test.step('the manager: cases in every state, approvals, surveys', async () => {
    await signIn('zhou');
    const { items } = await (await page.request.get(`${program.url}/api/v1/cases?tab=all&limit=200`)).json();
    const states = new Map(items.map((one) => [one.state, one.id]));
    expect(states.size).toBeGreaterThan(2);
    const checks = (await (await page.request.get(`${program.url}/api/v1/checks`)).json()).items ?? [];
    await walk([...[...states.values()].map((id) => `/cases/${id}`), ...checks.slice(0, 1).map((one) => `/cases/${one.case_id}/check`), ...await offered(), '/surveys?show=unanswered']);
    await editable('/products');
  });

  await test.step('customers, by their links', async () => {
    const { items } = await (await page.request.get(`${program.url}/api/v1/cases?tab=all&limit=200`)).json();
    for (const [purpose, state] of [['track', 'plan_proposed'], ['decide', 'plan_proposed'], ['rate', 'closed']]) {
      const id = items.find((one) => one.state === state)?.id;
      if (!id) continue;
      await page.goto(`${program.url}/cases/${id}/link`);
      if (await page.locator(`[name=purpose][value=${purpose}]`).count() === 0) continue;
      await choose(page, 'purpose', purpose);
      await page.locator('.actbar button.btn-primary').click();
      const href = await page.locator('#customer-link').getAttribute('href');
      const context = await browser.newContext({ viewport: { width: Math.min(width, 390), height: 844 }, locale: language, colorScheme: theme });
      await context.addCookies([{ name: 'language', value: language, url: program.url }]);
      const phone = await context.newPage();
      wrong.push(...await looked(phone, await phone.goto(href)));
      visited.add(routeOf(new URL(href).pathname));
      await context.close();
    }
  });

  await test.step('the administrator: settings', async () => {
    await signIn('admin');
    await page.goto(`${program.url}/settings`);
    await walk(['/setup/guide', ...(await links()).filter((href) => href.startsWith('/settings'))]);
    await page.goto(`${program.url}/settings/units`);
    await walk((await links()).filter((href) => /^\/settings\/units\/\d+$/.test(href)).slice(0, 1).map((href) => href.replace('/units/', '/calendars/units/')));
  });

  for (const login of ['he', 'wu', 'chen', 'wuting', 'fang', 'tang', 'yida']) {
    await test.step(`what ${login} is offered`, async () => {
      await signIn(login);
      await walk(await offered());
    });
  }

  expect.soft(wrong).toEqual([]);
  const missed = routes.filter((route) => !PIECES.test(route) && !RARE.test(route)
    && ![...visited].some((name) => name === route || (/\{(command|act)\}$/.test(route) && name?.startsWith(route.replace(/\{\w+\}$/, '')))));
  expect(missed, 'pages without a visit').toEqual([]);
});
