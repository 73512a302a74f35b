// Persons taking turns at one counter PC. [data-switch] opens the page /switch as a dialog over any page; the sixth digit sends it.
// After body[data-idle] seconds without a touch the session is locked at the server and the dialog stays until somebody is back.
// All tabs of the browser share the lock.
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('switch') : null;
const SEEN = 'switch:seen';
let dialog = null;
let opener = null;

const here = () => location.pathname + location.search;
const part = (url, options = {}) => fetch(url, { credentials: 'same-origin', ...options, headers: { 'hx-request': 'true', accept: 'text/html', ...options.headers } });

function shut() {
  dialog?.close();
  dialog?.remove();
  dialog = null;
  opener?.focus?.();
}

function fill(html, locked) {
  dialog.classList.toggle('shut', locked);
  dialog.dataset.locked = locked ? 'yes' : '';
  const box = document.createElement('div');
  box.className = 'dlg';
  box.innerHTML = html;
  dialog.replaceChildren(box);
  dialog.setAttribute('aria-labelledby', 'switch-title');
  const pin = box.querySelector('[name=pin]');
  (pin ?? box.querySelector('a,button'))?.focus();
}

/** Tells how a switch went: the same person goes on where the page stands; another one gets their own page. */
function done(who) {
  channel?.postMessage(who);
  if (who === 'same') { shut(); document.dispatchEvent(new CustomEvent('back')); } else location.assign(here());
}

async function send(form) {
  if (form.dataset.busy) return;
  form.dataset.busy = 'yes';
  form.setAttribute('aria-busy', 'true');
  try {
    const answer = await part(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    const who = answer.headers.get('x-switched');
    if (who) done(who);
    else if (answer.status === 401) location.assign(here());
    else fill(await answer.text(), Boolean(dialog.dataset.locked));
  } catch {
    const note = form.querySelector('.offline-note') ?? form.insertBefore(document.createElement('p'), form.firstChild);
    note.className = 'errmsg offline-note';
    note.setAttribute('role', 'alert');
    note.textContent = document.querySelector('#offline b')?.textContent || '';
  } finally {
    delete form.dataset.busy;
    form.removeAttribute('aria-busy');
  }
}

async function open(locked) {
  if (dialog) { if (locked) dialog.classList.add('shut'); return; }
  opener = document.activeElement;
  dialog = document.createElement('dialog');
  dialog.className = 'over';
  document.body.append(dialog);
  dialog.addEventListener('cancel', (event) => { event.preventDefault(); if (!dialog.dataset.locked) shut(); });
  dialog.addEventListener('click', (event) => { if (event.target.closest('[data-switch-close]')) shut(); });
  dialog.addEventListener('submit', (event) => {
    event.preventDefault();
    if (event.target.matches('[data-switch-lock]')) lock();
    else send(event.target);
  });
  dialog.addEventListener('input', (event) => {
    const { target } = event;
    if (target.name === 'pin' && /^\d{6}$/.test(target.value)) send(target.form);
  });
  dialog.addEventListener('change', (event) => { if (event.target.name === 'user') dialog.querySelector('[name=pin]')?.focus(); });
  dialog.dataset.locked = locked ? 'yes' : '';
  dialog.classList.toggle('shut', locked);
  dialog.showModal();
  try {
    const answer = await part(`/switch?next=${encodeURIComponent(here())}`);
    if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
    fill(await answer.text(), locked);
  } catch {
    if (locked) location.assign(`/switch?next=${encodeURIComponent(here())}`);
    else shut();
  }
}

async function lock(quietly) {
  const answer = await part('/switch/lock', { method: 'POST', body: new URLSearchParams() }).catch(() => null);
  // Somebody without a PIN cannot lock. While the network is away nothing is locked: the page could not come back.
  if (!answer?.ok) return;
  if (!quietly) channel?.postMessage('locked');
  shut();
  open(true);
}

function watch(seconds) {
  const note = () => { try { localStorage.setItem(SEEN, String(Date.now())); } catch { /* no storage: this tab counts alone */ } };
  let own = Date.now();
  let kept = 0;
  const touched = () => {
    own = Date.now();
    if (own - kept > 5_000) { kept = own; note(); }
  };
  ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'].forEach((name) => addEventListener(name, touched, { passive: true }));
  touched();
  setInterval(() => {
    let last = own;
    try { last = Math.max(own, Number(localStorage.getItem(SEEN)) || 0); } catch { /* as above */ }
    if (!dialog?.dataset.locked && Date.now() - last > seconds * 1000) lock();
  }, 5_000);
}

export function startSwitch() {
  const { me, idle } = document.body.dataset;
  if (!me || typeof HTMLDialogElement === 'undefined') return;
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('[data-switch]') : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return;
    event.preventDefault();
    open(false);
  });
  if (channel) {
    channel.onmessage = ({ data }) => {
      if (data === 'locked') open(true);
      else if (data === 'same') shut();
      else location.assign(here());
    };
  }
  if (Number(idle) > 0) watch(Number(idle));
}
