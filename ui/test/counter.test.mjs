// What the counter's extras do without a browser: cells for spreadsheets, the gun that sends twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cell } from '../src/cell.js';
import { repeated } from '../src/scan.js';

test('a cell is one line and never a formula', () => {
  assert.equal(cell('  洗衣机\n 10 公斤\t'), '洗衣机 10 公斤');
  for (const formula of ['=1+1', '+86 138', '-2', '@SUM(A1)', '＝1', '\t=1']) assert.ok(cell(formula).startsWith("'"), formula);
  assert.equal(cell('138****5678'), '138****5678');
});

test('a gun that sends twice looks up once', () => {
  const kept = new Map();
  const store = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  assert.equal(repeated('A1', store, 10_000), false);
  assert.equal(repeated('A1', store, 10_500), true);
  assert.equal(repeated('A1', store, 20_000), false);
  assert.equal(repeated('B2', store, 20_100), false);
});
