// Shows what was chosen in <input type="file" data-photos="BOX"> as small pictures and lets each be taken out again. With
// data-ahead="URL" each file is sent at once, with its progress, and the form only names it (hidden field `upload`); what cannot
// be sent now stays in its field and goes with the form.
import { announce } from './announce.js';

function without(input, file) {
  const rest = new DataTransfer();
  [...input.files].filter((other) => other !== file).forEach((other) => rest.items.add(other));
  input.files = rest.files;
}

function shot(box, file) {
  const cell = document.createElement('li');
  cell.className = 'shot';
  if (file.type.startsWith('image/')) {
    const picture = document.createElement('img');
    picture.alt = '';
    picture.src = URL.createObjectURL(file);
    picture.addEventListener('load', () => URL.revokeObjectURL(picture.src), { once: true });
    cell.append(picture);
  }
  const name = document.createElement('span');
  name.className = 'ell xs';
  name.textContent = file.name;
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'rm';
  remove.textContent = '×';
  remove.setAttribute('aria-label', `${box.dataset.remove || ''} ${file.name}`.trim());
  const progress = document.createElement('progress');
  progress.max = 1;
  progress.hidden = true;
  progress.setAttribute('aria-label', file.name);
  cell.append(name, progress, remove);
  box.append(cell);
  return { cell, remove, progress };
}

/** Sends one file; resolves to its id, rejects with a sentence, or with nothing when the network is away. */
function send(url, file, progress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file);
    request.open('POST', url);
    request.setRequestHeader('accept', 'application/json');
    request.upload.addEventListener('progress', (event) => {
      progress.hidden = false;
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener('error', () => failed());
    request.addEventListener('load', () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a proxy's own page */ }
      if (request.status === 201) done(answer.items[0].id);
      else if (request.status >= 500 || request.status === 401) failed();
      else failed([answer.title, answer.detail].filter(Boolean).join(' '));
    });
    request.send(body);
  });
}

function chosen(input, box) {
  [...input.files].filter((file) => !box.files.has(file)).forEach((file) => {
    box.files.add(file);
    const { cell, remove, progress } = shot(box, file);
    let named = null;
    remove.addEventListener('click', () => {
      without(input, file);
      named?.remove();
      cell.remove();
      input.focus();
    });
    const url = input.dataset.ahead;
    if (!url) return;
    input.form?.setAttribute('data-sending', String(Number(input.form.dataset.sending || 0) + 1));
    send(url, file, progress).then((id) => {
      named = document.createElement('input');
      named.type = 'hidden';
      named.name = 'upload';
      named.value = id;
      cell.append(named);
      cell.classList.add('sent');
      without(input, file);
    }, (sentence) => {
      if (!sentence) return;
      const why = document.createElement('span');
      why.className = 'errmsg xs';
      why.textContent = sentence;
      cell.append(why);
      cell.classList.add('refused');
      without(input, file);
      announce(sentence);
    }).finally(() => {
      progress.hidden = true;
      input.form?.setAttribute('data-sending', String(Math.max(0, Number(input.form.dataset.sending || 1) - 1)));
    });
  });
}

export function startPhotos() {
  if (!('DataTransfer' in window)) return;
  document.addEventListener('change', (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.matches('input[type=file][data-photos]')) return;
    const box = document.getElementById(input.dataset.photos);
    if (!box) return;
    box.files ||= new Set();
    chosen(input, box);
  });
}
