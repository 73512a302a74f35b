// A severe complaint of an upset customer: taken on by the region, two departments asked, an offer that two persons sign, the customer's yes on the phone, a call by
// somebody else, and the dossier that proves itself away from the database.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, expect, choose, post, send } from './program.js';

const SUBJECT = '热水器漏电，孩子被电到';

test('a severe complaint, from the counter to the dossier', async ({ page, program, signIn, healthy, telephone: customer }) => {
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  let id;
  const act = async (command, fields = {}) => {
    await visit(`/complaints/${id}/do/${command}`);
    for (const [name, value] of Object.entries(fields)) {
      const field = page.locator(`[name="${name}"]`).first();
      const kind = await field.evaluate((one) => one.type);
      if (kind === 'radio') await choose(page, name, value);
      else if (kind === 'select-one') await field.selectOption(value instanceof RegExp ? await named(field, value) : value);
      else await field.fill(value);
    }
    await send(page);
    await expect(page).toHaveURL(new RegExp(`/complaints/${id}(\\?|$)`));
    await healthy();
  };
  const named = async (field, words) => (await field.locator('option').allInnerTexts()).filter((text) => words.test(text)).map((label) => ({ label }))[0];

  await test.step('the clerk takes it in and says how severe it is', async () => {
    await signIn('lin');
    const body = { store: 'HZ01', kind: 'complaint', channel: 'counter', subject: SUBJECT, customer: { name: '许婷', phone: '13900007711' } };
    const made = await post(page, '/api/v1/cases', body);
    expect(made).toMatchObject({ status: 201 });
    ({ id } = made.json);
    await visit('/complaints');
    await expect(page.locator('main')).toContainText(SUBJECT);
    await act('screen', { severity: 's1', source: 'customer' });
  });

  await test.step('the customer is upset, and everybody sees it', async () => {
    await visit(`/cases/${id}/emotion`);
    const raise = page.locator('form[action$="/emotion/raise"]');
    await choose(page, 'level', 'very_upset');
    await raise.locator('[name=reason]').fill('抱着孩子来的，一直在哭');
    await send(page, raise.locator('button[type=submit]'));
    await expect(page.locator('#why')).toContainText('抱着孩子来的');
    await visit('/complaints?show=upset');
    await expect(page.locator('main')).toContainText(SUBJECT);
  });

  await test.step('the region takes it on, not the store', async () => {
    await signIn('zhou');
    await page.goto(`${program.url}/complaints/${id}`);
    await expect(page.locator('.actbar a[href$="/do/accept"]')).toHaveCount(0);
    await signIn('wu');
    await act('accept', { severity: 's1', topic: 'safety', handler: /周敏|Zhou Min/ });
  });

  await test.step('the handler asks two departments and finds out', async () => {
    await signIn('zhou');
    await act('investigate');
    for (const [team, title] of [[/质量部|Quality/, '查同批次接地'], [/财务部|Finance/, '核对购机发票']]) {
      await visit(`/cases/${id}/tasks/new`);
      const choices = page.locator('select[name=to]');
      const department = (await choices.locator('option').allInnerTexts()).find((text) => team.test(text) && !text.includes('·'));
      await choices.selectOption({ label: department });
      await page.locator('[name=title]').fill(title);
      await choose(page, 'due', '4h');
      await send(page);
    }
    await act('conclude', {
      facts: '地线未接，安装时没有测', evidence: '现场照片，检测单', party: 'store', cause: 'installation', unit: /文三路|Wensan/,
    });
    await act('draft', { kind1: 'exchange', text1: '换新机并重新安装', amount1: '2400', kind2: 'apology', text2: '店长上门道歉' });
    const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 16);
    await act('submit', { wording: '给您换新机，重新安装并检测接地，店长上门道歉。', valid_until: until });
    await expect(page.locator('main')).toContainText(/审批|签字|approval|sign/i);
  });

  for (const [login, title, answer] of [['he', '查同批次接地', '同批次无异常'], ['wuting', '核对购机发票', '发票属实']]) {
    await test.step(`${login} answers for the department`, async () => {
      await signIn(login);
      await visit('/tasks?view=team');
      await send(page, page.locator('a.t', { hasText: title }));
      await send(page, page.locator('form[action$="/accept"] button'));
      await page.locator('form[action$="/finish"] [name=text]').fill(answer);
      await send(page, page.locator('form[action$="/finish"] button'));
      await expect(page.locator('main')).toContainText(answer);
    });
  }

  await test.step('two persons sign, neither of them the one who asked', async () => {
    for (const who of ['wu', 'he']) {
      await signIn(who);
      await visit(`/complaints/${id}`);
      await send(page, page.locator('a[href^="/approvals/"]').first());
      await healthy();
      await send(page, page.locator('.actbar a[href$="/grant"]'));
      await send(page, page.locator('main form[action$="/grant"] button'));
      await expect(page).toHaveURL(/done=(asked|granted)/);
    }
  });

  await test.step('the customer says yes on the phone', async () => {
    await signIn('zhou');
    await visit(`/cases/${id}/link`);
    await choose(page, 'purpose', 'decide');
    await send(page);
    await customer.goto(await page.locator('#customer-link').getAttribute('href'));
    await expect(customer.locator('main')).toContainText('换新机');
    await customer.sound();
    await customer.locator('button[name=answer][value=yes]').click();
    await expect(customer.locator('[role=status]:not(#offline)').first()).toBeVisible();
  });

  await test.step('what was promised is done line by line; somebody else calls', async () => {
    await act('begin');
    await act('execute', { line: '1', note: '新机已装，接地电阻合格' });
    await act('execute', { line: '2', note: '店长已上门' });
    await act('finish', { answer: '已换新机，重新安装并检测，店长已上门道歉。' });
    await page.goto(`${program.url}/complaints/${id}`);
    await expect(page.locator('.actbar a[href$="/do/call_back"]')).toHaveCount(0);
    await signIn('lin');
    await act('call_back', { holds: 'yes', note: '顾客说用得放心了', satisfaction: '4' });
  });

  await test.step('the dossier proves itself', async () => {
    await signIn('wu');
    await act('archive');
    const answer = await page.request.get(`${program.url}/complaints/${id}/dossier.zip`);
    expect(answer.status()).toBe(200);
    const folder = mkdtempSync(join(tmpdir(), 'aftercare-dossier-'));
    const file = join(folder, 'dossier.zip');
    writeFileSync(file, await answer.body());
    const [, key] = program.command('verify').match(/key (\S+)/);
    expect(program.command('verify', file, '--key', key)).toContain('proved: whole');
    rmSync(folder, { recursive: true });
    await visit('/complaints/causes');
  });
});
