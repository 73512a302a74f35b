// Single-key shortcuts. A key acts on what the page marks: data-key="n" (one element), data-go="w" (menu links),
// data-lane="a" (board lanes), rows of [data-rows]. A barcode scanner types many keys within a few milliseconds:
// those go into the find field instead.
import { typing } from './typing.js';

const SCAN_GAP = 45;
const PREFIX_TIME = 1200;
let waiting = [];
let timer = 0;
let prefix = '';
let prefixTimer = 0;

const visible = (element) => element && element.getClientRects().length > 0 && !element.disabled;
const first = (selector) => [...document.querySelectorAll(selector)].find(visible);

function allRows() {
  return [...document.querySelectorAll('[data-rows]')].flatMap((list) => [...list.querySelectorAll('tbody tr, .li')]).filter(visible);
}

function selectRow(step) {
  const list = allRows();
  if (!list.length) return;
  const now = list.findIndex((row) => row.classList.contains('sel'));
  const next = list[Math.min(list.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
  list.forEach((row) => {
    row.classList.toggle('sel', row === next);
    if (row === next) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  });
  const link = next.matches('a') ? next : next.querySelector('a.t, a, button');
  link?.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
}

function selectedRow() {
  return allRows().find((row) => row.classList.contains('sel'));
}

function findField() {
  return first('.find input[type=search]');
}

function toggleHelp(open) {
  const help = document.getElementById('keys');
  if (!help) return false;
  const show = open ?? help.hidden;
  help.hidden = !show;
  if (show) help.querySelector('button,a')?.focus();
  return true;
}

function act(key) {
  if (key === '/') {
    const field = findField();
    field?.focus();
    field?.select();
  } else if (key === '?') {
    toggleHelp();
  } else if (key === 'j' || key === 'k') {
    selectRow(key === 'j' ? 1 : -1);
  } else if (key === 'g' || (key === 'm' && first('[data-lane]'))) {
    prefix = key;
    clearTimeout(prefixTimer);
    prefixTimer = setTimeout(() => { prefix = ''; }, PREFIX_TIME);
  } else if (key === 'x') {
    (selectedRow()?.querySelector('[data-next]') ?? first('[data-key=x]'))?.click();
  } else {
    const target = first(`[data-key="${key}"]`);
    if (target?.matches('input,select,textarea')) target.focus();
    else target?.click();
  }
}

function settle() {
  const typed = waiting.join('');
  waiting = [];
  if (typed.length === 1) {
    act(typed.toLowerCase());
  } else if (typed) {
    const field = findField();
    if (!field) return;
    field.focus();
    field.value = typed;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function escape(event) {
  const help = document.getElementById('keys');
  if (help && !help.hidden) {
    toggleHelp(false);
  } else if (event.target instanceof HTMLElement && typing(event)) {
    event.target.blur();
  } else {
    first('[data-key=esc]')?.click();
  }
}

function chooseSegment(event) {
  const group = event.target instanceof Element ? event.target.closest('.seg') : null;
  const choices = group ? [...group.querySelectorAll('input')] : [];
  const choice = choices[Number(event.key) - 1];
  if (!choice) return false;
  choice.focus();
  choice.click();
  return true;
}

export function startKeys() {
  document.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[data-keys-help]')) {
      event.preventDefault();
      toggleHelp();
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    if (event.key === 'Escape') return escape(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
    if (typing(event)) return undefined;
    if (/^[1-5]$/.test(event.key) && chooseSegment(event)) return event.preventDefault();
    if (event.key === 'Enter' && waiting.length > 1) {
      clearTimeout(timer);
      scanned();
      return event.preventDefault();
    }
    if (event.key.length !== 1 || event.key === ' ') return undefined;
    if (prefix) {
      const target = first(prefix === 'g' ? `[data-go="${event.key.toLowerCase()}"]` : `[data-lane="${event.key.toLowerCase()}"]`);
      prefix = '';
      if (target) { event.preventDefault(); target.click(); }
      return undefined;
    }
    event.preventDefault();
    waiting.push(event.key);
    clearTimeout(timer);
    timer = setTimeout(document.body.dataset.keys === 'off' ? settleScanOnly : settle, SCAN_GAP);
    return undefined;
  });
}

/** A gun sent a code: to the scan page where the person has it, else into the find field. */
function scanned() {
  const code = waiting.join('');
  const scan = document.querySelector('.side a[href="/scan"]');
  if (!scan) {
    settle();
    findField()?.form?.requestSubmit();
    return;
  }
  waiting = [];
  location.assign(`/scan?code=${encodeURIComponent(code)}`);
}

/** For a person who switched single keys off: a scanner's burst is still caught. */
function settleScanOnly() {
  if (waiting.length > 1) settle();
  else waiting = [];
}
