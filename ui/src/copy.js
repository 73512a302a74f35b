// Copies what the page shows: a sentence (data-copy="ID"), or a table's rows for Excel (data-copy-table, in a row right before the table's box; it moves into the row of filters or of the title above it). What is copied is
// what is seen, masked as it is seen; of a table the server keeps a trace first, and nothing is copied without it.
import { cell } from './cell.js';
import { word } from './words.js';

/** The rows of a table as tab-separated text; cells marked data-nocopy are left out. */
export function rows(table) {
  const lines = [...table.querySelectorAll('tr')].map((row) => [...row.children].filter((one) => !('nocopy' in one.dataset)));
  return lines.map((cells) => cells.map((one) => cell(one.innerText ?? one.textContent)).join('\t')).join('\n');
}

async function put(text) {
  if (navigator.clipboard?.writeText) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'vh';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

function said(button, text) {
  const before = button.dataset.before ?? button.lastChild.textContent;
  button.dataset.before = before;
  button.lastChild.textContent = text;
  document.getElementById('announce')?.replaceChildren(text);
  setTimeout(() => { button.lastChild.textContent = before; }, 2_000);
}

// Which table a button copies that stands beside the title.
const tables = new WeakMap();

/** Beside the title or the filters a button needs no row of its own; a page's live part may bring a new one each time. */
function beside(button) {
  const row = button.closest('.copyrow');
  const card = row?.closest('.card');
  const host = card && [...card.querySelectorAll('.filters, .hd')].filter((one) => one.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING).pop();
  if (!host || host.closest('.card') !== card) return;
  host.querySelector(':scope > [data-copy-table]')?.remove();
  tables.set(button, row.nextElementSibling);
  host.insertBefore(button, host.matches('.hd') && host.children.length > 1 ? host.lastElementChild : null);
}

function show() {
  document.querySelectorAll('[data-copy-table]').forEach(beside);
  document.querySelectorAll('[data-copy],[data-copy-table]').forEach((button) => {
    button.hidden = tables.has(button) && !tables.get(button).isConnected;
  });
}

export function startCopy() {
  show();
  document.addEventListener('htmx:afterSettle', show);
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-copy],[data-copy-table]') : null;
    if (!button) return;
    event.preventDefault();
    try {
      if (button.dataset.copy) {
        await put(document.getElementById(button.dataset.copy).innerText);
      } else {
        const table = (tables.get(button) ?? button.closest('.copyrow').nextElementSibling).querySelector('table');
        const count = table.tBodies[0]?.rows.length ?? 0;
        const body = new URLSearchParams({ list: button.dataset.list, rows: String(count), path: location.pathname + location.search });
        const answer = await fetch('/copied', { method: 'POST', body, credentials: 'same-origin', headers: { accept: 'application/json' } });
        if (!answer.ok) throw new Error(String(answer.status));
        await put(rows(table));
      }
      said(button, word('copied'));
    } catch {
      said(button, word('copy-failed'));
    }
  });
}
