// A call that rings at this person's telephone, on every page: shown when the live stream says so, gone when it is taken or dismissed.
const LONGEST = 180_000;
const mark = 'ring-at';
const off = 'rings-off';

const kept = (name) => { try { return sessionStorage.getItem(name); } catch { return null; } };
const keep = (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* the next page asks again */ } };
const dismissed = () => (kept(off) || '').split(' ').filter(Boolean);

function box() {
  let found = document.getElementById('rings');
  if (found) return found;
  found = document.createElement('div');
  found.id = 'rings';
  found.className = 'rings';
  found.setAttribute('role', 'status');
  // Right behind the skip link, so that it is the next thing the Tab key reaches.
  document.body.querySelector('.skip')?.after(found);
  found.addEventListener('click', (event) => {
    const card = event.target instanceof Element && event.target.closest('[data-ring-off]') && event.target.closest('[data-ring]');
    if (!card) return;
    keep(off, [...dismissed(), card.dataset.ring].slice(-20).join(' '));
    card.remove();
    if (!found.firstElementChild) document.getElementById('main')?.focus({ preventScroll: true });
  });
  return found;
}

async function ask() {
  try {
    const answer = await fetch('/calls/ringing', { headers: { 'hx-request': 'true' }, credentials: 'same-origin' });
    if (!answer.ok) return;
    const piece = document.createElement('template');
    piece.innerHTML = await answer.text();
    const gone = dismissed();
    piece.content.querySelectorAll('[data-ring]').forEach((card) => { if (gone.includes(card.dataset.ring)) card.remove(); });
    const place = box();
    // What somebody has the focus in is not taken away under their hands.
    if (!place.contains(document.activeElement)) place.replaceChildren(piece.content);
  } catch { /* without a network nothing rings here */ }
}

/** Something rings, or rings no more. */
export function rang() {
  keep(mark, String(Date.now()));
  ask();
}

/** A page that opens while it rings shows it, too. */
export function startRings() {
  if (Date.now() - Number(kept(mark) || 0) < LONGEST) ask();
}
