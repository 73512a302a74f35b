// What the linter does not know: selectors and colours that Chromium 86 drops, with the whole rule they stand in.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stylesheet } from '../build/stylesheet.mjs';

test('the stylesheet holds nothing that Chromium 86 drops', () => {
  const css = stylesheet(fileURLToPath(new URL('..', import.meta.url))).toString();
  assert.doesNotMatch(css, /oklch|oklab|color-mix|light-dark\(|:has\(|:is\(|:where\(|@layer|@container|\binset:|accent-color|aspect-ratio/);
  assert.match(css, /--ac-primary/);
  assert.ok(readFileSync(new URL('../theme.css', import.meta.url), 'utf8').length > 40_000);
});
