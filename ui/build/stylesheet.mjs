// One stylesheet: the parts of Tabler that theme.css builds on, then theme.css, then the dark tokens once more for
// readers who have chosen nothing and whose system is dark.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'lightningcss';
import postcss from 'postcss';
import { trim } from './trim.mjs';

// Unknown to Chromium below 111–123; theme.css pins every value that they would set.
const NEW_COLOURS = /oklch(?:\(|%28)|oklab\(|light-dark\(|color-mix\(|\blch\(|\blab\(/;

function dropNewColours(root) {
  root.walkDecls((declaration) => {
    if (NEW_COLOURS.test(declaration.value)) declaration.remove();
  });
  dropEmpty(root);
}

function dropEmpty(root) {
  root.walkRules((rule) => { if (!rule.nodes.length) rule.remove(); });
  root.walkAtRules((rule) => { if (rule.nodes && !rule.nodes.length) rule.remove(); });
}

/** `[data-bs-theme=dark]` rules again, for `<html>` without a chosen theme on a dark system. */
function darkBySystem(theme) {
  const rules = [];
  postcss.parse(theme).walkRules((rule) => {
    if (rule.parent.type !== 'root' || rule.selector.includes('light') || !rule.selector.includes('[data-bs-theme=dark]')) return;
    const copy = rule.clone();
    copy.selectors = copy.selectors.map((selector) => selector.replace('[data-bs-theme=dark]', ':root:not([data-bs-theme])'));
    rules.push(copy.toString());
  });
  return `@media screen and (prefers-color-scheme:dark) {\n${rules.join('\n')}\n}\n`;
}

export function stylesheet(here) {
  const theme = readFileSync(join(here, 'theme.css'), 'utf8');
  const keep = readFileSync(join(here, 'tabler-keep.txt'), 'utf8').split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#'));
  const tabler = postcss.parse(readFileSync(join(here, 'node_modules/@tabler/core/dist/css/tabler.min.css'), 'utf8'));
  dropNewColours(tabler);
  trim(tabler, new Set(keep), theme);
  dropEmpty(tabler);
  const { code } = transform({
    filename: 'app.css',
    code: Buffer.from(`${tabler.toString()}\n${theme}\n${darkBySystem(theme)}`),
    minify: true,
    targets: { chrome: 86 << 16 },
  });
  return code;
}
