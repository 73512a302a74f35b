// `make lighthouse`: what Lighthouse says of every page that a shop, headquarters and a customer open. Accessibility and best practices are
// judged on all of them, performance on the ten that are opened most, SEO on those that need no sign-in; the bar is 95 of 100.
import lighthouse from 'lighthouse';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

const BAR = 0.95;
const root = path.resolve(import.meta.dirname, '../..');
const binary = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'release/aftercare');
// Who opens pages: a clerk and headquarters see different ones. Nobody signs in for the public ones.
const PEOPLE = ['lin', 'zhou', 'he', 'admin'];
const MOST_USED = ['/', '/cases', '/cases/{}', '/cases/new', '/scan', '/search', '/notices', '/approvals', '/customers', '/metrics'];
const PUBLIC = ['/login', '/r/HZ01', '/s/HZ01'];
// Files and pieces of pages.
const NO_PAGE = /^\/(logout|events|assets|files|api|setup)(\/|$)|\.(csv|zip|png|svg|json)$|\/(file|files|print)(\/|$)/;

const shape = (address) => address.replace(/\/\d+(?=\/|$)/g, '/{}');

const started = (command, words, line) => new Promise((resolve, reject) => {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    readline.createInterface({ input: stream }).on('line', (said) => {
      child.said = [...(child.said ?? []), said];
      const found = said.match(line);
      if (found) resolve({ child, found });
    });
  }
  child.once('exit', (code) => reject(new Error(`${command} ended with ${code}\n${child.said?.join('\n')}`)));
});

const signedIn = async (url, login, password) => {
  const page = await fetch(`${url}/login`);
  const kept = new Map();
  const keep = (answer) => answer.headers.getSetCookie().forEach((cookie) => { const [name, value] = cookie.split(';')[0].split('='); kept.set(name, value); });
  const cookies = () => [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
  keep(page);
  const fields = new URLSearchParams();
  for (const [field] of (await page.text()).matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    fields.set(field.match(/name="([^"]*)"/)?.[1] ?? '', field.match(/value="([^"]*)"/)?.[1] ?? '');
  }
  fields.set('login', login);
  fields.set('password', password);
  const answer = await fetch(`${url}/login`, {
    method: 'POST', redirect: 'manual', body: fields, headers: { cookie: cookies(), origin: url, 'sec-fetch-site': 'same-origin' },
  });
  keep(answer);
  if (answer.status !== 303) throw new Error(`${login} could not sign in: ${answer.status}`);
  return cookies();
};

// One address for each kind of page, found by following links.
const pagesFor = async (url, cookie, seen) => {
  const ahead = ['/'];
  const found = [];
  while (ahead.length) {
    const address = ahead.shift();
    const answer = await fetch(url + address, { headers: { cookie, accept: 'text/html' }, redirect: 'manual' });
    if (answer.status !== 200 || !answer.headers.get('content-type')?.startsWith('text/html')) continue;
    const text = await answer.text();
    if (!/<html/.test(text)) continue;
    found.push(address);
    for (const [, href] of text.matchAll(/href="(\/[^"#?]*)/g)) {
      if (NO_PAGE.test(href) || seen.has(shape(href))) continue;
      seen.add(shape(href));
      ahead.push(href);
    }
  }
  return found;
};

const data = mkdtempSync(path.join(tmpdir(), 'aftercare-lighthouse-'));
const profile = mkdtempSync(path.join(tmpdir(), 'aftercare-lighthouse-'));
const program = await started(binary, ['demo', '--cases', '300', '--data', data, '--listen', '127.0.0.1:0'], /(http:\/\/127\.0\.0\.1:\d+)/);
const [, url] = program.found;
const password = program.child.said.join('\n').match(/password: (\S+)/)[1];
const words = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--disable-gpu', '--no-first-run', '--disable-background-networking'];
if (process.getuid?.() === 0) words.push('--no-sandbox');
const browser = await started('/usr/bin/chromium', words, /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/);
const port = Number(browser.found[1]);

let missed = 0;
const judge = async (address, cookie, categories, who) => {
  const flags = { port, output: 'json', logLevel: 'error', onlyCategories: categories, extraHeaders: cookie ? { Cookie: cookie } : {}, disableStorageReset: true };
  const { lhr } = await lighthouse(url + address, flags);
  const below = Object.values(lhr.categories).filter((category) => !(category.score >= BAR));
  const scores = Object.values(lhr.categories).map((category) => `${category.id} ${Math.round(category.score * 100)}`).join(', ');
  missed += below.length ? 1 : 0;
  console.log(`${below.length ? 'MISSED ' : 'reached'} ${address} (${who}): ${scores}`);
  for (const category of below) {
    for (const { id, weight } of category.auditRefs) {
      const audit = lhr.audits[id];
      if (weight && audit.score !== null && audit.score < 0.9) console.log(`        ${audit.title}: ${audit.displayValue ?? ''} ${JSON.stringify(audit.details?.items?.slice(0, 2) ?? '').slice(0, 300)}`);
    }
  }
};

try {
  const everywhere = ['accessibility', 'best-practices'];
  const only = process.argv[2];
  for (const address of PUBLIC) if (!only || only === address) await judge(address, '', [...everywhere, 'performance', 'seo'], 'nobody');
  const seen = new Set(['/', ...PUBLIC]);
  for (const login of PEOPLE) {
    const cookie = await signedIn(url, login, password);
    for (const address of await pagesFor(url, cookie, seen)) {
      if (only && only !== shape(address)) continue;
      const often = MOST_USED.includes(shape(address));
      await judge(address, cookie, often ? [...everywhere, 'performance'] : everywhere, login);
    }
  }
  console.log(missed ? `${missed} pages are below ${BAR * 100}` : `every page reaches ${BAR * 100}`);
} finally {
  browser.child.removeAllListeners('exit');
  program.child.removeAllListeners('exit');
  browser.child.kill();
  program.child.kill('SIGTERM');
  await new Promise((resolve) => program.child.once('exit', resolve));
  rmSync(data, { recursive: true, force: true });
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = missed ? 1 : 0;
