// Pictures open over the page instead of leaving it: every link around a small picture of a file. Arrows go through the pictures
// of the page, Esc goes back; with Ctrl, the middle button or without this script the link opens the file itself.
import { word } from './words.js';

const SMALL = 'a[href] > img[src$="/small"]';

function control(text, label, act) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn-icon';
  button.textContent = text;
  button.setAttribute('aria-label', label);
  button.addEventListener('click', act);
  return button;
}

function view(first) {
  // The same file can stand in the record and among the files; once is enough.
  const links = [...new Map([...document.querySelectorAll(SMALL)].map((small) => [small.parentElement.href, small.parentElement])).values()];
  let at = links.findIndex((link) => link.href === first.href);
  const dialog = document.createElement('dialog');
  dialog.className = 'over viewer';
  const picture = document.createElement('img');
  const name = document.createElement('span');
  name.className = 'grow ell';
  const whole = document.createElement('a');
  whole.className = 'btn btn-s';
  whole.textContent = word('view-open');
  const count = document.createElement('span');
  count.className = 'sm t3 nw';
  const show = (step) => {
    at = (at + step + links.length) % links.length;
    const link = links[at];
    picture.src = link.href;
    picture.alt = link.querySelector('img').alt;
    name.textContent = picture.alt;
    whole.href = link.href;
    count.textContent = `${at + 1} / ${links.length}`;
  };
  const bar = document.createElement('div');
  bar.className = 'row-f bar';
  bar.append(name, count);
  if (links.length > 1) bar.append(control('‹', word('view-previous'), () => show(-1)), control('›', word('view-next'), () => show(1)));
  bar.append(whole, control('×', word('view-close'), () => dialog.close()));
  dialog.append(bar, picture);
  dialog.setAttribute('aria-label', word('view-title'));
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') show(-1);
    else if (event.key === 'ArrowRight') show(1);
    // The page behind has keys of its own.
    event.stopPropagation();
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener('close', () => { dialog.remove(); first.focus(); });
  document.body.append(dialog);
  show(0);
  dialog.showModal();
}

export function startViewer() {
  document.addEventListener('click', (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest('a[href]');
    if (!link?.querySelector(':scope > img[src$="/small"]')) return;
    event.preventDefault();
    view(link);
  });
}
