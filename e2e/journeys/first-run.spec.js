// A new company from nothing: the code on the console, one guided page, and at the end people who work on their first case.
import { test, expect, choose, send } from './program.js';

test.use({ company: 'none' });

const STORES = ['店名\t编号\t区域\t电话\t地址', '恒悦城西店\tCX01\t杭州\t0571-88880001\t文二西路 10 号', '恒悦城东店\tCD01\t杭州\t0571-88880002\t机场路 20 号', '\tBJ01\t杭州\t\t江南大道 30 号'];
const STAFF = ['姓名\t工号\t手机\t店铺\t角色', '王芳\twangfang\t13900001001\t恒悦城西店\t店员', '李强\tliqiang\t13900001002\t恒悦城西店\t技师', '陈岚\tchenlan\t13900001003\tCX01\t店长', '赵六\tzhaoliu\t1390000100\t恒悦城东店\t店员'];
const PASSWORD = 'a whole sentence, 2026';

test('a new company from nothing', async ({ page, program, unknown, healthy }, info) => {
  const narrow = info.project.metadata.width < 700;
  const sees = async (path) => {
    await expect(page).toHaveURL(path);
    await healthy();
  };
  const signIn = async (login) => {
    await page.locator('[name=login]').fill(login);
    await page.locator('[name=password]').fill(PASSWORD);
    await send(page, page.locator('form[action="/login"] button[type=submit]'));
    await sees(`${program.url}/`);
  };
  const signOut = async () => {
    if (narrow) {
      await page.locator('.tabbar a[href="/menu"]').click();
      await page.locator('main a[href="/me"]').click();
    } else {
      await page.locator('a.me').click();
    }
    await sees(/\/me$/);
    await send(page, page.locator('form[action="/logout"] button'));
    await sees(/\/login/);
  };

  await test.step('the program asks for the code of its console', async () => {
    await unknown();
    await page.goto(program.url);
    await sees(/\/setup$/);
    const found = async (code) => {
      await page.locator('[name=code]').fill(code);
      await page.locator('[name=password]').fill(PASSWORD);
      await send(page, page.locator('form[action="/setup"] button'));
    };
    await page.locator('[name=company]').fill('恒悦电器');
    await page.locator('[name=name]').fill('沈老板');
    await page.locator('[name=login]').fill('boss');
    await found('0000-0000');
    await expect(page.locator('[name=code]')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.locator('[name=company]')).toHaveValue('恒悦电器');
    await healthy();
    await found(program.output.join('\n').match(/first-run code: (\S+)/)[1]);
    await sees(/\/setup\/guide$/);
  });

  const done = (step) => expect(page.locator(`#${step} .hd .chip.ok`)).toBeVisible();
  const check = (step) => page.locator(`#${step} form.bd button[type=submit]:not([name])`);

  await test.step('the company says who to call', async () => {
    await page.locator('#company [name=phone]').fill('0571-88880000');
    await send(page, check('company'));
    await done('company');
  });

  await test.step('stores come from a spreadsheet, and what is wrong stays to be put right', async () => {
    await page.locator('#store-rows').fill(STORES.join('\n'));
    await send(page, check('stores'));
    await expect(page.locator('#stores td .chip.ok')).toHaveCount(2);
    await expect(page.locator('#stores td .chip.late')).toHaveCount(1);
    await healthy();
    await send(page, page.locator('#stores button[name=save]'));
    await expect(page.locator('#store-rows')).toHaveValue(/江南大道/);
    await expect(page.locator('#store-rows')).not.toHaveValue(/机场路/);
    await page.locator('#store-rows').fill(`${STORES[0]}\n恒悦滨江店${STORES[3]}`);
    await send(page, check('stores'));
    await send(page, page.locator('#stores button[name=save]'));
    await done('stores');
    await expect(page.locator('#stores p .chip')).toHaveCount(3);
  });

  const codes = {};
  await test.step('staff come from a spreadsheet with codes that are shown once', async () => {
    await page.locator('#staff-rows').fill(STAFF.join('\n'));
    await send(page, check('staff'));
    await expect(page.locator('#staff td .chip.late')).toHaveCount(1);
    await send(page, page.locator('#staff button[name=save]'));
    await healthy();
    for (const row of await page.locator('#codes tbody tr').all()) {
      codes[await row.locator('td').nth(1).innerText()] = await row.locator('td').nth(3).innerText();
    }
    expect(Object.keys(codes)).toEqual(['wangfang', 'liqiang', 'chenlan']);
    await expect(page.locator('#staff-rows')).toHaveValue(/赵六/);
    await page.locator('#staff-rows').fill('');
    await send(page, check('staff'));
    await expect(page.locator('#codes')).toHaveCount(0);
  });

  await test.step('hours and the defaults of the trade are chosen', async () => {
    await page.locator('#calendar [name=open]').fill('30:00');
    await send(page, check('calendar'));
    await expect(page.locator('#calendar [name=open]')).toHaveAttribute('aria-invalid', 'true');
    await page.locator('#calendar [name=open]').fill('09:30');
    await page.locator('#calendar [name=close]').fill('20:30');
    await send(page, check('calendar'));
    await done('calendar');
    await send(page, page.locator('#trade form:has([value=appliances]) button'));
    await done('trade');
    await expect(page.locator('#trade form:has([value=appliances]) .chip.ok')).toBeVisible();
    await healthy();
    await signOut();
  });

  for (const login of Object.keys(codes)) {
    await test.step(`${login} sets a password and signs in`, async () => {
      await send(page, page.locator('a[href="/activate"]'));
      await sees(/\/activate/);
      await page.locator('[name=login]').fill(login);
      await page.locator('[name=code]').fill(codes[login]);
      await page.locator('[name=password]').fill(PASSWORD);
      await send(page, page.locator('form[action="/activate"] button'));
      await sees(`${program.url}/`);
      await signOut();
    });
  }

  await test.step('a code is good once', async () => {
    await send(page, page.locator('a[href="/activate"]'));
    await page.locator('[name=login]').fill('liqiang');
    await page.locator('[name=code]').fill(codes.liqiang);
    await page.locator('[name=password]').fill('another sentence, 2026');
    await send(page, page.locator('form[action="/activate"] button'));
    await expect(page.locator('[name=code]')).toHaveAttribute('aria-invalid', 'true');
    await healthy();
    await send(page, page.locator('main a[href="/login"]'));
  });

  await test.step('the clerk takes the first case in', async () => {
    await signIn('wangfang');
    await page.locator('[name="customer.phone"]').fill('139 0000 6666');
    await page.locator('form.quick button[type=submit]').click();
    await expect(page.locator('#customer-phone')).toHaveValue(/139\s?0000\s?6666/);
    await page.locator('[name="customer.name"]').fill('何欢');
    await choose(page, 'customer', 'new');
    await choose(page, 'channel', 'counter');
    await choose(page, 'kind', 'repair');
    await page.locator('[name=subject]').fill('电饭煲煮不熟');
    await healthy();
    await send(page);
    await sees(/\/cases\/\d+/);
    await expect(page.locator('h1')).toHaveText('电饭煲煮不熟');
    await signOut();
  });

  await test.step('the manager gives it to the technician', async () => {
    await signIn('chenlan');
    await page.locator('#unassigned a', { hasText: '电饭煲煮不熟' }).click();
    await page.locator('.actbar a.btn-primary').click();
    await sees(/\/do\/accept/);
    await page.locator('select[name=owner]').selectOption({ label: '李强' });
    await send(page);
    await sees(/\/cases\/\d+/);
    // Its deadlines count in this shop's own hours.
    await page.goto(program.url + await page.locator('.clock a').first().getAttribute('href'));
    await healthy();
    await expect(page.locator('main')).toContainText(/09:30|20:30/);
    await signOut();
  });

  await test.step('the technician finds it', async () => {
    await signIn('liqiang');
    await page.locator('#my-queue a', { hasText: '电饭煲煮不熟' }).click();
    await sees(/\/cases\/\d+/);
    await signOut();
  });

  await test.step('the shop works: nothing is left to set up, and the record is proved', async () => {
    await signIn('boss');
    await page.goto(`${program.url}/setup/guide`);
    await expect(page.locator('section > .hd .chip.ok')).toHaveCount(6);
    await done('case');
    await healthy();
    await page.goto(`${program.url}/setup`);
    await expect(page).not.toHaveURL(/setup/);
    expect(program.command('verify')).toContain('nothing is wrong');
  });
});
