// Brings every running <time data-due> up to date each minute. Never moves focus and never reorders anything.
// The rules and the texts are those of the server (Due in the web crate); keep both in step.
import { announce } from './announce.js';
import { now as clock, offset, word } from './words.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const two = (n) => String(n).padStart(2, '0');

/** Which tone a running deadline has: '' | 'soon' | 'late'. */
export function tone(now, from, at) {
  if (now >= at) return 'late';
  const left = at - now;
  return left < HOUR || left * 4 <= at - from ? 'soon' : '';
}

function span(ms, prefix) {
  const minutes = Math.max(1, Math.floor(ms / MINUTE));
  if (minutes < 60) return word(`${prefix}-min`, { n: minutes });
  if (minutes < 24 * 60) {
    const h = Math.floor(minutes / 60);
    const m = minutes % 60;
    return m ? word(`${prefix}-hour-min`, { h, m: two(m) }) : word(`${prefix}-hour`, { h });
  }
  const days = Math.floor(minutes / (24 * 60));
  return (days === 1 && word(`${prefix}-day-one`)) || word(`${prefix}-day`, { n: days });
}

/** The text of a running deadline. */
export function dueText(now, from, at) {
  const state = tone(now, from, at);
  if (state === 'late') return span(now - at, 'due-late');
  if (state === 'soon' && at - now < DAY) return span(at - now + MINUTE - 1, 'due-left');
  const local = new Date(at + offset() * MINUTE);
  const dayOf = (ms) => Math.floor((ms + offset() * MINUTE) / DAY);
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  const days = dayOf(at) - dayOf(now);
  if (days === 0) return word('due-today', { time });
  if (days === 1) return word('due-tomorrow', { time });
  const date = `${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`;
  const sameYear = local.getUTCFullYear() === new Date(now + offset() * MINUTE).getUTCFullYear();
  return word('due-before', { date: sameYear ? date : `${local.getUTCFullYear()}-${date}` });
}

const ICONS = { '': 'clock', soon: 'hourglass', late: 'alert-triangle' };

function refresh() {
  const now = clock();
  const crossed = [];
  document.querySelectorAll('time[data-due]').forEach((element) => {
    const at = Date.parse(element.dateTime);
    const from = Date.parse(element.dataset.due);
    const text = element.querySelector('span');
    if (!Number.isFinite(at) || !Number.isFinite(from) || !text) return;
    const state = tone(now, from, at);
    const next = dueText(now, from, at);
    if (text.textContent !== next) text.textContent = next;
    if (element.classList.contains(state || 'due') && (state || !element.matches('.soon,.late'))) return;
    element.classList.remove('soon', 'late');
    if (state) element.classList.add(state);
    const use = element.querySelector('use');
    if (use) use.setAttribute('href', `${use.getAttribute('href').split('#')[0]}#${ICONS[state]}`);
    if (state === 'late') crossed.push(element.closest('tr,li,.li,.clock')?.querySelector('a.t,b,.sm')?.textContent.trim() ?? '');
  });
  if (crossed.length) announce(word('due-crossed', { n: crossed.length, what: crossed[0] }));
}

export function startDue() {
  refresh();
  setInterval(refresh, MINUTE);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
}
