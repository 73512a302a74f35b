// Starts the real program for one journey, on its own data and its own port, and ends it afterwards.
import { test as base, expect } from '@playwright/test';
import AxeBuilder from '@axe-core/playwright';
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
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

export const test = base.extend({
  // The running program with a small demo company: { url, logins, command(...) }.
  program: async ({}, use, info) => {
    const { engine } = info.project.metadata;
    const data = mkdtempSync(path.join(tmpdir(), 'aftercare-journey-'));
    const database = engine === 'postgres' ? testPostgres(['database']) : null;
    const common = ['--data', data, ...(database ? ['--database', database] : [])];
    const port = await freePort();
    const child = spawn(binary, ['demo', '--cases', '80', '--listen', `127.0.0.1:${port}`, ...common], { stdio: ['ignore', 'pipe', 'inherit'] });
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

  // Signs in and chooses language and theme as the project says.
  signIn: async ({ page, program }, use, info) => {
    const { language, theme } = info.project.metadata;
    await use(async (login) => {
      await page.context().clearCookies();
      await page.context().addCookies([
        { name: 'language', value: language, url: program.url },
        { name: 'theme', value: theme, url: program.url },
      ]);
      await page.goto(`${program.url}/login`);
      await page.locator('[name=login]').fill(login);
      await page.locator('[name=password]').fill(program.password);
      await page.locator('form[action="/login"] button[type=submit]').click();
      await expect(page).not.toHaveURL(/login/);
    });
  },

  // Looks at the page as a person with a screen reader would, and at its console.
  healthy: async ({ page }, use) => {
    const said = [];
    page.on('console', (message) => { if (message.type() === 'error') said.push(message.text()); });
    page.on('pageerror', (error) => said.push(String(error)));
    await use(async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
      const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }));
      expect(scrollWidth, 'the page is wider than the screen').toBeLessThanOrEqual(clientWidth);
      // What a browser says when a journey takes the network away is no defect of the page.
      expect(said.filter((line) => !/ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest)/.test(line))).toEqual([]);
    });
  },
});

// Taps a choice as a person does: on its label, wherever the page has to be scrolled for it.
export const choose = (page, name, value) => page.locator(`label:has([name="${name}"][value="${value}"])`).click();

export { expect };
