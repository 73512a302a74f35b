// The browser's deadline rules against the table that the server's are tested with (crates/platform/web/tests/it/times.rs).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const table = JSON.parse(read('./due.json'));
const now = Date.parse('2026-11-22T14:32:00+08:00');

/** The texts as the page hands them over: {name} where a value goes, and the singular of days beside the plural. */
function words(locale) {
  const texts = { offset: 480, now };
  const plain = (text) => text.trim().replace(/\{ \$(\w+) \}/g, '{$1}');
  const source = read(`../../locales/${locale}/web.ftl`);
  for (const [, key, value] of source.matchAll(/^web-(due-[\w-]+) = (.+)$/gm)) texts[key] = plain(value);
  for (const [, key, one, other] of source.matchAll(/^web-(due-[\w-]+) = \{ \$n ->\n\s*\[one\] (.+)\n\s*\*\[other\] (.+)\n\}/gm)) {
    texts[key] = plain(other);
    texts[`${key}-one`] = plain(one).replace('{n}', '1');
  }
  return texts;
}

for (const [locale, column] of [['zh-CN', 'zh'], ['en', 'en']]) {
  test(`deadlines read the same as on the server, ${locale}`, async () => {
    globalThis.document = { getElementById: () => ({ textContent: JSON.stringify(words(locale)) }) };
    const { dueText, tone } = await import(`../src/due.js?${locale}`);
    const { load } = await import('../src/words.js');
    load();
    for (const row of table) {
      const [from, at] = [Date.parse(row.from), Date.parse(row.at)];
      assert.equal(tone(now, from, at), row.tone, JSON.stringify(row));
      assert.equal(dueText(now, from, at), row[column], JSON.stringify(row));
    }
  });
}
