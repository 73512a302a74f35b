// Words and settings that the page hands to the scripts: <script type="application/json" id="words">.
let words = {};
try {
  words = JSON.parse(document.getElementById('words')?.textContent || '{}');
} catch {
  words = {};
}

/** The text `key`, with {names} filled in. */
export function word(key, values = {}) {
  const text = words[key] ?? '';
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Minutes that the reader's business zone is ahead of UTC. */
export const offset = Number(words.offset ?? 480);
