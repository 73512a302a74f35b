// What templates and components name must exist: icons in icons.txt, classes in theme.css (or kept from Tabler).
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ui = fileURLToPath(new URL('..', import.meta.url));
const lines = (name) => readFileSync(join(ui, name), 'utf8').split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['tests', 'target', 'examples'].includes(entry.name) ? [] : sources(path);
    return /\.(html|rs)$/.test(entry.name) ? [path] : [];
  });
}

const files = sources(join(ui, '../crates')).map((path) => ({ path, text: readFileSync(path, 'utf8').split('#[cfg(test)]')[0] }));

test('every icon that is named is in the sprite', () => {
  const known = new Set(lines('icons.txt'));
  const NAMED = [/\bicon(?:_l|_xl)?\("([a-z0-9-]+)"\)/g, /\bicon: "([a-z0-9-]+)"/g, /\bchip\(\s*"[^"]*",\s*"([a-z0-9-]+)"/g, /\bempty\(\s*"([a-z0-9-]+)"/g, /\.primary\(\s*"([a-z0-9-]+)"/g];
  const missing = files.flatMap(({ path, text }) => NAMED.flatMap((pattern) => [...text.matchAll(pattern)])
    .map((match) => match[1]).filter((name) => !known.has(name)).map((name) => `${name}: ${path}`));
  assert.deepEqual([...new Set(missing)], []);
});

test('every class that is named has a rule', () => {
  const theme = readFileSync(join(ui, 'theme.css'), 'utf8');
  const known = new Set([...lines('tabler-keep.txt'), ...[...theme.matchAll(/\.([A-Za-z_][\w-]*)/g)].map((match) => match[1])]);
  const missing = files.filter(({ path }) => path.endsWith('.html')).flatMap(({ path, text }) => [...text.replace(/\{[{%].*?[%}]\}/g, '{}').matchAll(/class="([^"]*)"/g)]
    .flatMap((match) => match[1].split(/\s+/))
    .filter((name) => /^[a-z][\w-]*$/i.test(name) && !known.has(name)).map((name) => `${name}: ${path}`));
  assert.deepEqual([...new Set(missing)], []);
});

test('icons.txt is in order and says nothing twice', () => {
  const names = lines('icons.txt');
  assert.deepEqual(names, [...new Set(names)].sort());
});
