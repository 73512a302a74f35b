// A customer writes a letter: it is in the inbox, a clerk answers it on the page of its case, the answer arrives in the customer's mailbox in
// its thread, and what the customer writes back comes to the same case.
import { test, expect, choose, send } from './program.js';

test('a letter, its answer, and the answer to that', async ({ page, program, signIn, healthy, mail }) => {
  const stamp = `${process.pid}x${Date.now()}`;
  const [shop, customer] = [`shop${stamp}`, `customer${stamp}`];
  const visit = async (path) => {
    await page.goto(program.url + path);
    await healthy();
  };
  await mail.open(shop);
  await mail.open(customer);
  let box;

  await test.step('the administrator sets the mailbox and tries it out', async () => {
    await signIn('admin');
    await visit('/settings/messaging');
    const out = page.locator('form[action="/settings/messaging/mail"]');
    await choose(page, 'mail_way', 'on');
    await out.locator('[name=host]').fill('127.0.0.1');
    await out.locator('[name=port]').fill(String(mail.smtp));
    await choose(page, 'tls', 'none');
    await out.locator('[name=from]').fill('云栖售后 <service@mail.test>');
    await send(page, out.locator('button[type=submit]'));
    await expect(page).toHaveURL(/done=saved/);

    await visit('/mailboxes/new');
    await page.locator('[name=name]').fill('旅程邮箱');
    await page.locator('[name=address]').fill(`${shop}@mail.test`);
    await page.locator('[name=host]').fill('127.0.0.1');
    await page.locator('[name=port]').fill(String(mail.imap));
    await choose(page, 'tls', 'none');
    await page.locator('[name=login]').fill(shop);
    await page.locator('[name=password]').fill('wrong');
    const store = await page.locator('select[name=store] option', { hasText: /文三路|Wensan/ }).getAttribute('value');
    await page.locator('select[name=store]').selectOption(store);
    const tries = page.locator('button[formaction$="/try"]');
    await send(page, tries);
    await expect(page.locator('.note.late[role=status]')).toBeVisible();
    await healthy();
    await page.locator('[name=password]').fill('secret');
    await send(page, tries);
    await expect(page.locator('.note.ok[role=status]')).toBeVisible();
    await page.locator('[name=password]').fill('secret');
    await send(page, page.locator('main form .btn-primary'));
    await expect(page).toHaveURL(/\/mailboxes\/\d+\?done=saved/);
    box = new URL(page.url()).pathname;
    await healthy();
  });

  // What has come is asked for until it is there: the job runs beside the page.
  const fetched = async (subject) => {
    await expect(async () => {
      await page.goto(program.url + box);
      if (await page.locator('a.t', { hasText: subject }).count() > 0) return;
      await send(page, page.locator('form[action$="/look"] button'));
      await page.goto(program.url + box);
      await expect(page.locator('a.t', { hasText: subject })).toBeVisible({ timeout: 2_000 });
    }).toPass();
  };

  await test.step('a letter comes in', async () => {
    await mail.send(`${shop}@mail.test`, `From: Wang Lihua <${customer}@mail.test>\nTo: ${shop}@mail.test\nSubject: The washing machine hums\nMessage-ID: <first-${stamp}@mail.test>\n\nIt hums when it spins.\n\n-- \nWang Lihua`);
    await fetched('The washing machine hums');
    await healthy();
    await send(page, page.locator('a.t', { hasText: 'The washing machine hums' }));
    await expect(page.locator('main')).toContainText('It hums when it spins.');
    await healthy();
  });
  const caseHref = new URL(await page.locator('.acts a[href^="/cases/"]').getAttribute('href'), program.url).pathname;

  await test.step('the clerk finds it in the inbox and answers', async () => {
    await signIn('lin');
    await visit('/feedback');
    await expect(page.locator('main')).toContainText('It hums when it spins.');
    await visit(caseHref);
    await expect(page.locator('#letters')).toContainText('It hums when it spins.');
    await healthy();
    await choose(page, 'visibility', 'public');
    await page.locator('form.comp [name=body]').fill('We come on Wednesday at three.');
    await page.locator('form.comp button[type=submit]:not([name])').click();
    await expect(page.locator('#timeline')).toContainText('We come on Wednesday at three.');
  });

  await test.step('the answer arrives in its thread, and is answered', async () => {
    let lies;
    await expect(async () => {
      lies = await mail.letters(customer);
      expect(lies).toContain('We come on Wednesday at three.');
    }).toPass();
    expect(lies).toContain(`In-Reply-To: <first-${stamp}@mail.test>`);
    expect(lies).toContain(`Reply-To: ${shop}@mail.test`);
    const written = lies.split(/FETCH \(/).find((one) => one.includes('We come on Wednesday at three.'));
    const [, id] = written.match(/Message-ID: <([^>]+)>/i);
    await mail.send(`${shop}@mail.test`, `From: Wang Lihua <${customer}@mail.test>\nSubject: Re: all right\nMessage-ID: <second-${stamp}@mail.test>\nIn-Reply-To: <${id}>\n\nThree is fine.\n\nOn Wednesday, 11 November 2026, the shop wrote:\n> We come on Wednesday at three.`);
    await signIn('admin');
    await fetched('Re: all right');
    await signIn('lin');
    await visit(caseHref);
    await expect(page.locator('#timeline')).toContainText('Three is fine.');
    // What it quotes is folded away below it.
    await expect(page.locator('#letters details').first()).toBeAttached();
    await healthy();
  });
});
