// Every page, looked at once: each role signs in and follows the links of its menu, its settings and one record of every kind. The list of
// pages is the program's own (the snapshot of its routes), so that a page without a visit fails here. Which pages there are is found by
// reading alone, one after the other and so always the same; looking at them takes the time, and that is done for several at once.
import { test, expect, choose } from './program.js';
import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const snapshot = path.resolve(import.meta.dirname, '../../crates/aftercare/tests/it/snapshots/it__catalogue__routes_and_who_may_call_them.snap');
const routes = [...readFileSync(snapshot, 'utf8').matchAll(/^GET (\/\S*)/gm)].map(([, route]) => route).filter((route) => !route.startsWith('/api/'));

// What answers with a piece of a page, a file or a way to another page.
const PIECES = /^\/(calls\/ringing|cases\/new\/(beside|goods|lookup|symptoms|via)|cases\/\{id\}\/similar|platform-orders\/beside|products\/found|regulator\/history|files\/.*|notices\/(bell|\{id\})|setup)$|\/files\/|\.(csv|zip)$/;
// What needs a record that a small demo company has on some days only, or a link that only a message holds.
const RARE = /^\/score\/schemes\/\{id\}$|^\/units\/\{id\}\/(repairs(\/\{repair\})?|terms|subsidy)$|^\/callbacks\/(customers\/)?\{id\}$|^\/complaints\/\{id\}\/keep\/|^\/regulator\/\{id\}\/(print|statement)$|^\/returns\/\{id\}\/(proposals\/\{seq\}\/\{act\}|subsidy)$|\/merges?(\/|$)|^\/complaints\/archive\/\{id\}$|^\/patrols\/\{id\}$|^\/complaints\/reviews\/\{id\}$|^\/a\/|^\/rate\/|^\/tasks\/\{id\}|\/replies\/\{message\}\/print$|^\/improvements\/\{id\}|\/\{id\}\/(edit|reveal|check|phone|recovered)$/;

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
  const left = seen.text.match(/\{\s?[$-][^}]*\}?|(?<![\w./@-])(?:web|cases|parties|surveys|outbox|administration|insight|approvals|notices|feedback|channels|mail|emotion|problems|returns|claims|platforms|scores|assessments|audits|complaints|guides|collection|fault|field)-[a-z]+(?:-[a-z]+)*(?![\w./@-])|undefined|\[object /);
  if (left) wrong.push(`${where}: “${left[0]}” is no text`);
  if (axe) {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] }).analyze();
    wrong.push(...violations.map((v) => `${where}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`));
  }
  return wrong;
};

// So many pages would make a trace of hundreds of megabytes; what is wrong is said in words.
test.use({ trace: 'off' });

// Pages that are looked at at the same time.
const AT_ONCE = 4;

test('every page is looked at', async ({ browser, program }, info) => {
  test.setTimeout(600_000);
  const { language, theme, width } = info.project.metadata;
  const wrong = [];
  const visited = new Set();
  const ahead = [];

  // A browser of its own for each person; nobody for ''.
  const browsers = new Map();
  const browserOf = async (login) => {
    if (browsers.has(login)) return browsers.get(login);
    const context = await browser.newContext({
      viewport: { width, height: width > 700 ? 900 : 844 }, hasTouch: width < 700, locale: language, timezoneId: 'Asia/Shanghai', colorScheme: theme,
    });
    await context.addCookies([{ name: 'language', value: language, url: program.url }, { name: 'theme', value: theme, url: program.url }]);
    browsers.set(login, context);
    if (login) {
      const page = await context.newPage();
      await page.goto(`${program.url}/login`);
      await page.locator('[name=login]').fill(login);
      await page.locator('[name=password]').fill(program.password);
      await page.locator('form[action="/login"] button[type=submit]').click();
      await expect(page).not.toHaveURL(/login/);
      await page.close();
    }
    return context;
  };

  // What is read: the links of a page as it is sent.
  const read = async (who, address) => (await (await browserOf(who)).request.get(program.url + address)).text();
  const linksIn = (html) => [...html.matchAll(/<a\b[^>]*\shref="(\/[^"#]*)/g)].map(([, href]) => href.replaceAll('&amp;', '&').replaceAll('&#38;', '&'));
  const fresh = (address) => {
    const [bare] = address.split('?');
    return routeOf(bare) && !PIECES.test(routeOf(bare)) && !visited.has(pageOf(bare));
  };
  const plan = (who, address, options = {}) => { ahead.push({ who, address, ...options }); };
  // Takes what it is told to, and from there every link to a page that nobody is to look at yet.
  const walk = async (who, starts) => {
    const told = new Set(starts);
    const rest = [...starts];
    for (let address = rest.shift(); address !== undefined; address = rest.shift()) {
      const name = pageOf(address.split('?')[0]);
      if (!told.delete(address) && !fresh(address)) continue;
      plan(who, address, { axe: !visited.has(name) });
      visited.add(name);
      rest.push(...linksIn(await read(who, address)).filter(fresh));
    }
  };
  const offered = async (who) => {
    const menus = (await read(who, '/')).match(/<nav\b[\s\S]*?<\/nav>/g) ?? [];
    return [...new Set(linksIn(menus.join('')).filter((href) => routeOf(href.split('?')[0])))];
  };
  // The first record of a list that this person may change, and what hangs on it.
  const editable = async (who, list) => {
    for (const href of linksIn(await read(who, list)).filter((one) => new RegExp(`^${list}/\\d+$`).test(one))) {
      const further = linksIn(await read(who, href)).filter(fresh);
      if (further.some((one) => one.endsWith('/edit'))) return walk(who, further);
    }
    return undefined;
  };
  const cases = async () => (await (await browserOf('zhou')).request.get(`${program.url}/api/v1/cases?tab=all&limit=200`)).json();

  await test.step('what there is to look at', async () => {
    for (const address of ['/login', '/activate', '/switch', '/r/HZ01', '/s/HZ01']) {
      plan('', address);
      visited.add(pageOf(address));
    }
    plan('', '/r/NOWHERE', { status: 404 });
    plan('', `/c/${'0'.repeat(64)}`, { status: 404 });

    await walk('lin', [...await offered('lin'), '/menu', '/me', '/cases?tab=all']);
    await walk('lin', ['/verdicts/customer', '/units/repairs/paste', '/scan?code=NOBODY77', '/cases?q=nothingatall', `/search?q=${encodeURIComponent('漏水')}`, '/search?q=nothingatall']);
    for (const list of ['/customers', '/sales', '/units']) await editable('lin', list);
    plan('lin', '/cases/1', { status: 404 });
    plan('lin', '/settings/history', { status: 403 });

    // The manager: cases in every state, approvals, surveys.
    const { items } = await cases();
    const states = new Map(items.map((one) => [one.state, one.id]));
    expect(states.size).toBeGreaterThan(2);
    const checks = (await (await (await browserOf('zhou')).request.get(`${program.url}/api/v1/checks`)).json()).items ?? [];
    const posters = (await (await (await browserOf('zhou')).request.get(`${program.url}/api/v1/channels?kind=qr_poster`)).json()).items;
    await walk('zhou', [...posters.slice(0, 1).map((one) => `/channels/${one.id}`), ...[...states.values()].map((id) => `/cases/${id}`), ...checks.slice(0, 1).map((one) => `/cases/${one.case_id}/check`), ...await offered('zhou'), '/surveys?show=unanswered']);
    const [box] = (await (await (await browserOf('zhou')).request.get(`${program.url}/api/v1/mailboxes`)).json()).items;
    const [letter] = (await (await (await browserOf('zhou')).request.get(`${program.url}/api/v1/mailboxes/${box.id}/letters?state=case`)).json()).items;
    await walk('zhou', [`/mailboxes/${box.id}`, `/mailboxes/${box.id}?show=set_aside`, `/mailboxes/${box.id}/letters/${letter.id}`, `/cases/${letter.case}/letters`]);
    await editable('zhou', '/products');
    // Returns on every stretch of their way, with what each command asks.
    const returns = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/returns?show=all`)).json()).items;
    const reviews = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/returns/reviews`)).json()).items;
    await walk('zhou', ['/returns/mismatches']);
    const claims = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/claims?show=all`)).json()).items;
    await walk('he', ['/claims?show=all', '/claims/receivables', '/claims/terms', '/claims/new', ...claims.slice(0, 1).flatMap((one) => [`/claims/${one.id}`, `/claims/${one.id}/print`]), ...claims.filter((one) => one.state === 'open').slice(0, 1).map((one) => `/claims/${one.id}/do/send`)]);
    const orders = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/platform-orders?show=all`)).json()).items;
    const [outlet] = await (await (await browserOf('he')).request.get(`${program.url}/api/v1/platform-shops`)).json();
    await walk('he', ['/platform-orders?show=all', '/platform-orders?q=nothingatall', '/platform-orders/import', '/platform-shops', '/platform-shops/new', `/platform-shops/${outlet.id}`, ...orders.slice(0, 1).flatMap((one) => [`/platform-orders/${one.id}`, `/platform-orders/${one.id}/insurance`]), ...orders.filter((one) => one.state === 'applied').slice(0, 1).flatMap((one) => [`/platform-orders/${one.id}/do/agree`, `/platform-orders/${one.id}/do/refuse`])]);
    // Terms above the law, what is sold with a unit, and a limit tried on past returns.
    const [terms] = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/terms?limit=1`)).json()).items;
    const today = new Date().toISOString().slice(0, 10);
    const tried = await (await (await browserOf('he')).request.post(`${program.url}/api/v1/policy-replays`, { data: { limit: 10000, from: '2020-01-01', to: today }, headers: { origin: program.url } })).json();
    await walk('he', ['/terms/new', '/terms/paste', `/terms/${terms.id}`, `/terms/${terms.id}/edit`, '/terms?q=nothingatall', '/returns/replays', `/returns/replays/${tried.id}`]);
    const [subsidy] = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/subsidies`)).json()).items;
    await walk('he', ['/subsidies', '/subsidies/new', `/subsidies/${subsidy.id}`, `/subsidies/${subsidy.id}/edit`]);
    await walk('zhou', ['/returns/subsidies']);
    await walk('he', ['/returns?show=all', ...returns.slice(0, 1).map((one) => `/returns/${one.id}`), ...returns.filter((one) => one.state === 'open').slice(0, 1).flatMap((one) => [`/returns/${one.id}/do/offer`, `/returns/${one.id}/proposals`]), '/returns/reviews', ...reviews.slice(0, 1).flatMap((one) => [`/returns/reviews/${one.id}`, `/returns/reviews/${one.id}/print`])]);
    // What headquarters may do with a file and a clerk may not.
    const [file] = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/customers?limit=1`)).json()).items;
    await walk('he', ['erase', 'hold'].map((act) => `/customers/${file.id}/${act}`));

    // What the score rests on.
    await walk('he', ['/score', '/score?scheme=patrol', '/score/proposals', '/score/registers', '/score/registers/people', '/score/records/paste']);
    // Self-assessments: one whole, on paper, and two beside each other.
    const made = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/assessments`)).json()).items;
    await walk('he', ['/assessments', '/assessments/new', `/assessments/${made[1].id}`, `/assessments/${made[1].id}/report`, `/assessments/compare?before=${made[2].id}&after=${made[1].id}`]);
    const [certificate] = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/certificates`)).json()).items;
    await walk('he', ['/certificates', '/certificates/new', `/certificates/${certificate.id}`]);

    // Who sees a restricted file.
    const [report] = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/regulator?nature=report`)).json()).items;
    await walk('he', [`/complaints/${report.id}/admitted`]);

    // What only headquarters write: guides, who does what, reviews; and what is collected.
    await walk('he', ['/guides', '/guides/1', '/complaints/matrix/repair', '/complaints/reviews?show=scored', '/complaints/reviews', '/collection/import', '/patrols?show=all']);

    // Audits: one that runs with its sample, what its assessor from outside looked at and wrote; and what that assessor sees.
    const audits = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/audits?show=all`)).json()).items;
    const audit = audits.find((one) => one.state === 'running');
    const sample = await (await (await browserOf('he')).request.get(`${program.url}/api/v1/audits/${audit.id}/sample`)).json();
    const found = (await (await (await browserOf('he')).request.get(`${program.url}/api/v1/findings?show=all`)).json()).items;
    const visits = linksIn(await read('he', `/audits/${audit.id}`)).filter((href) => href.includes('/visits/'));
    await walk('he', ['/audits?show=all', '/audits/new', `/audits/${audit.id}`, `/audits/${audit.id}/edit`, `/audits/${audit.id}/draw`, `/audits/${audit.id}/sample?again=on`, `/audits/${audit.id}/access`, ...visits.slice(0, 1), ...sample.cases.slice(0, 1).map((one) => `/audits/${audit.id}/cases/${one.case}`), '/findings?show=all', ...found.slice(0, 2).map((one) => `/findings/${one.id}`), ...found.slice(0, 1).map((one) => `/findings/${one.id}/print`)]);
    await walk('cqc-liu', ['/assessing', `/audits/${audit.id}/findings/new`]);
    plan('cqc-liu', '/cases', { status: 403 });
    plan('cqc-liu', `/audits/${audits.find((one) => one.state === 'closed').id}`, { status: 404 });

    // The administrator: settings.
    await walk('admin', ['/setup/guide', '/score/schemes', '/mailboxes', '/mailboxes/new', `/mailboxes/${box.id}/edit`, ...linksIn(await read('admin', '/settings')).filter((href) => href.startsWith('/settings'))]);
    const unit = linksIn(await read('admin', '/settings/units')).find((href) => /^\/settings\/units\/\d+$/.test(href));
    await walk('admin', [unit.replace('/units/', '/calendars/units/')]);

    for (const login of ['he', 'wu', 'chen', 'wuting', 'fang', 'tang', 'yida']) await walk(login, await offered(login));
  });

  // Opens one of them in a page of its own and looks at it.
  const look = async ({ who, address, status = 200, axe = true }) => {
    const page = await (await browserOf(who)).newPage();
    const said = [];
    page.on('console', (message) => { if (message.type() === 'error') said.push(message.text()); });
    page.on('pageerror', (error) => said.push(String(error)));
    const answer = await page.goto(program.url + address);
    wrong.push(...await looked(page, answer, { status, axe }));
    if (status === 200) wrong.push(...said.map((line) => `${address}: ${line}`));
    await page.close();
  };

  await test.step('each of them', async () => {
    const lane = async () => {
      for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) await look(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  });

  await test.step('customers, by their links', async () => {
    const { items } = await cases();
    const page = await (await browserOf('zhou')).newPage();
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

  for (const context of browsers.values()) await context.close();
  expect.soft(wrong.sort()).toEqual([]);
  const missed = routes.filter((route) => !PIECES.test(route) && !RARE.test(route)
    && ![...visited].some((name) => name === route || (/\{(command|act)\}$/.test(route) && name?.startsWith(route.replace(/\{\w+\}$/, '')))));
  expect(missed, 'pages without a visit').toEqual([]);
});
