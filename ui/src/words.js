// Words and settings that the page hands to the scripts: <script type="application/json" id="words">.
let words = {};
/** The server's clock minus this machine's, in milliseconds: counter PCs are often wrong. */
let ahead = 0;

/** Reads the page's block. */
export function load() {
  try {
    words = JSON.parse(document.getElementById('words')?.textContent || '{}');
  } catch {
    words = {};
  }
  ahead = words.now ? words.now - Date.now() : 0;
}

/** The text `key`, with {names} filled in; empty when there is none. */
export function word(key, values = {}) {
  const text = words[key] ?? '';
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Minutes that the reader's business zone is ahead of UTC. */
export function offset() {
  return Number(words.offset ?? 480);
}

/** The present instant by the server's clock. */
export function now() {
  return Date.now() + ahead;
}

load();
