// Live changes. One tab holds the event stream and passes events to the others; where the browser cannot share (no
// locks outside HTTPS and localhost), each visible tab holds its own. When the stream fails, the page asks every half minute.
// A region marked data-live="case task" gets the event `live` (hx-trigger="live") when something of its kinds changed.
import { rang } from './rings.js';
import { word } from './words.js';

const POLL = 30_000;
const PAUSE = 1_500;
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('live') : null;
let url = '';
let last = '';
let source = null;
let failures = 0;
let poller = 0;
const due = new Set();
let timer = 0;

function busy(region) {
  return region.matches(':hover') || region.contains(document.activeElement) && document.activeElement !== document.body;
}

function deliver() {
  timer = 0;
  const kinds = new Set(due);
  due.clear();
  document.querySelectorAll('[data-live]').forEach((region) => {
    if (!region.dataset.live.split(/\s+/).some((kind) => kinds.has(kind))) return;
    if (!busy(region)) { region.dispatchEvent(new CustomEvent('live', { bubbles: false })); return; }
    if (region.dataset.liveWaits) return;
    region.dataset.liveWaits = 'yes';
    const later = () => {
      if (busy(region)) return;
      delete region.dataset.liveWaits;
      ['mouseleave', 'focusout'].forEach((name) => region.removeEventListener(name, soon));
      region.dispatchEvent(new CustomEvent('live', { bubbles: false }));
    };
    const soon = () => setTimeout(later, 50);
    ['mouseleave', 'focusout'].forEach((name) => region.addEventListener(name, soon));
  });
}

function took(event) {
  if (event.id) last = event.id;
  if (event.kind === 'lost') document.querySelectorAll('[data-live]').forEach((region) => region.dataset.live.split(/\s+/).forEach((kind) => due.add(kind)));
  else due.add(event.kind);
  if (event.verb === 'call.rings') rang();
  timer ||= setTimeout(deliver, PAUSE);
}

function state(connected) {
  const mark = document.getElementById('live-state');
  if (mark) mark.textContent = word(connected ? 'live-on' : 'live-off');
}

function shared(event) {
  took(event);
  channel?.postMessage(event);
}

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(`${url}/recent?after=${encodeURIComponent(last)}`, { headers: { accept: 'application/json' }, credentials: 'same-origin' });
    if (!answer.ok) throw new Error(String(answer.status));
    const { events, id } = await answer.json();
    events.forEach(shared);
    if (id) last = id;
    state(true);
  } catch {
    state(false);
  }
}

function poll() {
  poller ||= setInterval(ask, POLL);
}

function open() {
  if (source || !('EventSource' in window)) { poll(); return; }
  source = new EventSource(last ? `${url}?after=${encodeURIComponent(last)}` : url);
  source.onopen = () => { failures = 0; clearInterval(poller); poller = 0; state(true); };
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    shared({ ...event, id: message.lastEventId });
  };
  source.onerror = () => {
    failures += 1;
    state(false);
    if (failures >= 3 || source.readyState === EventSource.CLOSED) { shut(); poll(); }
  };
}

function shut() {
  source?.close();
  source = null;
}

/** Holds the stream while this tab is the first in line; the returned function steps back. */
function lead() {
  const waiting = new AbortController();
  let release = () => {};
  navigator.locks.request('live', { signal: waiting.signal }, () => {
    open();
    return new Promise((done) => { release = done; });
  }).catch(() => {});
  return () => {
    waiting.abort();
    shut();
    release();
  };
}

/** Without locks each tab holds its own stream while it is seen. */
function follow() {
  const look = () => (document.hidden ? shut() : open());
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    shut();
  };
}

export function startLive() {
  url = document.body.dataset.liveUrl || '';
  if (!url) return;
  const share = channel && navigator.locks;
  if (share) channel.onmessage = (message) => { took(message.data); state(true); };
  const start = share ? lead : follow;
  let stop = start();
  // A page that the browser keeps for "back" must not keep its connection: there are only six.
  addEventListener('pagehide', () => { stop(); clearInterval(poller); poller = 0; });
  addEventListener('pageshow', (event) => { if (event.persisted) stop = start(); });
}
