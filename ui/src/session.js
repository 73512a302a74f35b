// Two minutes before the session ends unused, says so; the next key or click keeps it going. What was typed stays in any case.
import { word } from './words.js';

const AHEAD = 120_000;

export function startSession() {
  const ends = Date.parse(document.body.dataset.sessionEnds || '');
  const box = document.getElementById('toasts');
  if (!Number.isFinite(ends) || !box) return;
  const length = Math.max(AHEAD, ends - Date.now());
  let notice = null;
  const wait = () => setTimeout(warn, length - AHEAD);
  const goOn = () => {
    document.removeEventListener('keydown', goOn);
    document.removeEventListener('pointerdown', goOn);
    fetch(`${document.body.dataset.liveUrl}/recent`, { credentials: 'same-origin' }).then((answer) => {
      if (!answer.ok) return;
      notice?.remove();
      wait();
    }).catch(() => {});
  };
  function warn() {
    notice = document.createElement('div');
    notice.className = 'toast1';
    notice.setAttribute('role', 'alert');
    notice.textContent = word('session-ends');
    box.append(notice);
    document.addEventListener('keydown', goOn);
    document.addEventListener('pointerdown', goOn);
  }
  wait();
}
