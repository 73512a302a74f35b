// Starts the real program for one journey, on its own data and its own port, and ends it afterwards.
import { test as base, expect } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createGateway } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');
const binary = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'debug/aftercare');

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const testPostgres = (words) =>
  execFileSync(path.join(root, 'scripts/test-postgres'), words, { encoding: 'utf8' }).trim();

// What a page has to be for everybody: silent under axe, and never wider than the screen.
const sound = async (page) => {
  // Without frames from elsewhere, the way that needs no second page finds the same in half the time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
  const { wide, room } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth }));
  expect(wide, 'the page is wider than the screen').toBeLessThanOrEqual(room);
};

export const test = base.extend({
  // Which company the program begins with: 'demo', a small one, or 'none', an empty folder.
  company: ['demo', { option: true }],

  // The running program: { url, password, output, command(...) }.
  program: async ({ company }, use, info) => {
    const { engine } = info.project.metadata;
    const data = mkdtempSync(path.join(tmpdir(), 'aftercare-journey-'));
    const database = engine === 'postgres' ? testPostgres(['database']) : null;
    const common = ['--data', data, ...(database ? ['--database', database] : [])];
    const port = await freePort();
    const begins = company === 'demo' ? ['demo', '--cases', '80'] : ['serve'];
    const listens = ['--listen', `127.0.0.1:${port}`, '--private-host', '127.0.0.1'];
    const child = spawn(binary, [...begins, ...listens, ...common], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = [];
    await new Promise((resolve, reject) => {
      readline.createInterface({ input: child.stdout }).on('line', (line) => {
        lines.push(line);
        if (line.includes(`127.0.0.1:${port}`)) resolve();
      });
      child.once('exit', (code) => reject(new Error(`the program ended with ${code}\n${lines.join('\n')}`)));
    });
    child.removeAllListeners('exit');
    const password = lines.join('\n').match(/password: (\S+)/)?.[1];
    await use({
      url: `http://127.0.0.1:${port}`,
      password,
      output: lines,
      command: (...words) => execFileSync(binary, [...words, ...common], { encoding: 'utf8' }),
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
    if (database) testPostgres(['drop', database]);
  },

  // A browser that nobody has signed in at, with language and theme as the project says.
  unknown: async ({ page, program }, use, info) => {
    const { language, theme } = info.project.metadata;
    await use(async () => {
      // Away from the page of whoever was here, which would ask for news that it may no longer have.
      await page.goto('about:blank');
      await page.context().clearCookies();
      await page.context().addCookies([
        { name: 'language', value: language, url: program.url },
        { name: 'theme', value: theme, url: program.url },
      ]);
    });
  },

  // Signs somebody of the demo company in.
  signIn: async ({ page, program, unknown }, use) => {
    await use(async (login) => {
      await unknown();
      await page.goto(`${program.url}/login`);
      await page.locator('[name=login]').fill(login);
      await page.locator('[name=password]').fill(program.password);
      await page.locator('form[action="/login"] button[type=submit]').click();
      await expect(page).not.toHaveURL(/login/);
    });
  },

  // The telephone of somebody outside: its own browser, as wide as a telephone, with `sound()` for the page that it shows.
  telephone: async ({ browser, program }, use, info) => {
    const { language, theme } = info.project.metadata;
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, locale: language, colorScheme: theme });
    await context.addCookies([{ name: 'language', value: language, url: program.url }]);
    const page = await context.newPage();
    await use(Object.assign(page, { sound: () => sound(page) }));
    await context.close();
  },

  // A provider of text messages that the program can be told to use: { url, link(number, template, nth) }.
  texts: async ({}, use) => {
    const sent = [];
    const gateway = createGateway((request, response) => {
      let body = '';
      request.on('data', (piece) => { body += piece; });
      request.on('end', () => {
        sent.push(JSON.parse(body));
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: `t${sent.length}` }));
      });
    });
    await new Promise((resolve) => { gateway.listen(0, '127.0.0.1', resolve); });
    await use({
      url: `http://127.0.0.1:${gateway.address().port}/send`,
      // The link in the nth text of `template` to `number`, once it has come.
      link: async (number, template, nth = 1) => {
        const mine = () => sent.filter((text) => text.to.endsWith(number) && text.template === template);
        await expect.poll(() => mine().length, { message: `${template} to ${number}` }).toBeGreaterThanOrEqual(nth);
        return mine()[nth - 1].text.match(/https?:\/\/\S+\/[0-9A-Za-z]{22}/)[0];
      },
    });
    gateway.closeAllConnections();
    await new Promise((resolve) => { gateway.close(resolve); });
  },

  // The mail servers of the tests, as a customer's program talks to them: { imap, smtp, open(name), send(to, letter), letters(name) }.
  mail: async ({}, use) => {
    const urls = execFileSync(path.join(root, 'scripts/test-mail'), ['url'], { encoding: 'utf8' });
    const [imap, smtp] = [...urls.matchAll(/:(\d+)/g)].map(([, port]) => Number(port));
    // Says each line when the one before has been answered; gives back all that was heard.
    const talk = (port, lines, answered) => new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      const rest = [...lines];
      let heard = '';
      let since = 0;
      socket.setEncoding('utf8');
      socket.on('data', (piece) => {
        heard += piece;
        if (!answered(heard.slice(since))) return;
        since = heard.length;
        if (rest.length === 0) socket.end();
        else socket.write(rest.shift());
      });
      socket.on('end', () => resolve(heard));
      socket.on('error', reject);
    });
    const asked = (name, ...words) => talk(imap, [`a LOGIN ${name} secret\r\n`, 'b SELECT INBOX\r\n', ...words], (said) => /^(\* OK|[a-c] (OK|NO|BAD)).*\r\n$/m.test(said));
    await use({
      imap,
      smtp,
      open: (name) => asked(name),
      send: async (to, letter) => {
        const data = `${letter.replaceAll('\n', '\r\n')}\r\n.\r\n`;
        const heard = await talk(smtp, ['HELO customer\r\n', 'MAIL FROM:<>\r\n', `RCPT TO:<${to}>\r\n`, 'DATA\r\n', data, 'QUIT\r\n'], (said) => /^\d{3} .*\r\n$/m.test(said));
        expect(heard).toMatch(/^250 OK id/m);
      },
      // With texts in base64 as they are read.
      letters: async (name) => (await asked(name, 'c FETCH 1:* BODY.PEEK[]\r\n'))
        .replaceAll(/(?<=\r\n\r\n)(?:[A-Za-z0-9+/=]{4,}\r\n)+/g, (text) => Buffer.from(text, 'base64').toString()),
    });
  },

  // Looks at the page as a person with a screen reader would, and at its console.
  healthy: async ({ page }, use) => {
    const said = [];
    page.on('console', (message) => { if (message.type() === 'error') said.push(message.text()); });
    page.on('pageerror', (error) => said.push(String(error)));
    await use(async () => {
      await sound(page);
      // What a browser says when a journey takes the network away, or when a form comes back with what is wrong in it, is no defect.
      const harmless = /ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)|status of (409|412|422)/;
      expect(said.filter((line) => !harmless.test(line))).toEqual([]);
    });
  },
});

// Taps a choice as a person does: on its label, wherever the page has to be scrolled for it.
export const choose = (page, name, value) => page.locator(`label:has([name="${name}"][value="${value}"])`).click();

// Presses a button that sends the page's form and waits for the answer: a form goes when the program has said that it answers, a moment
// after the click.
export const send = async (page, button = page.locator('.actbar button.btn-primary')) => {
  const answered = page.waitForEvent('load');
  await button.click();
  await answered;
};

// Asks the API as the page's person would, from the page itself.
export const post = (page, path, body) => page.evaluate(async ([path, body]) => {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return { status: answer.status, json: await answer.json() };
}, [path, body]);

export { expect };
