// A network that comes and goes. A form with a key (hidden field form_key or once) is sent only when the program answers; until then
// it waits on its page with everything in it and goes by itself when the network is back. The key makes a second arrival harmless,
// so it may go again whatever became of the first.
import { announce } from './announce.js';

const PROBE = 4_000;
const AGAIN = 5_000;
let waiting = null;
let timer = 0;

const banner = (show) => document.getElementById('offline')?.toggleAttribute('hidden', !show);

async function answers() {
  if (navigator.onLine === false) return false;
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PROBE);
  try {
    return (await fetch('/healthz', { cache: 'no-store', credentials: 'omit', signal: stop.signal })).ok;
  } catch {
    return false;
  } finally {
    clearTimeout(patience);
  }
}

function wait(form, button) {
  waiting = { form, button };
  form.setAttribute('aria-busy', 'true');
  form.dataset.waits = 'yes';
  banner(true);
  announce(document.querySelector('#offline')?.textContent.trim() ?? '');
  clearTimeout(timer);
  timer = setTimeout(again, AGAIN);
}

function go(form, button) {
  delete form.dataset.waits;
  form.removeAttribute('aria-busy');
  form.dataset.clear = 'yes';
  banner(false);
  if (button && button.form === form && !button.disabled) form.requestSubmit(button);
  else form.requestSubmit();
}

async function again() {
  if (!waiting) return;
  const { form, button } = waiting;
  if (!form.isConnected) { waiting = null; return; }
  if (Number(form.dataset.sending) > 0 || !(await answers())) { timer = setTimeout(again, AGAIN); return; }
  waiting = null;
  go(form, button);
}

async function send(form, button) {
  // Photos that are on their way arrive first.
  if (Number(form.dataset.sending) > 0) {
    form.setAttribute('aria-busy', 'true');
    waiting = { form, button };
    clearTimeout(timer);
    timer = setTimeout(again, 300);
    return;
  }
  form.setAttribute('aria-busy', 'true');
  if (await answers()) go(form, button);
  else wait(form, button);
}

export function startNetwork() {
  // Before everybody else: drafts are given up and buttons are closed only when the form really goes.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || !form.querySelector('[name=form_key],[name=once]')) return;
    if (form.dataset.clear) { delete form.dataset.clear; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.waits || form.getAttribute('aria-busy') === 'true') return;
    send(form, event.submitter ?? null);
  }, true);
  addEventListener('online', () => { clearTimeout(timer); again(); });
  addEventListener('offline', () => banner(true));
  addEventListener('pageshow', () => { waiting = null; });
}
