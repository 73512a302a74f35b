// Keeps what a person has typed in <form data-draft="NAME"> until it is sent: per person, in this tab only, because
// counter PCs are shared. Fields with data-private and file and password fields are not kept.
const PREFIX = 'draft:';
const name = (form) => `${PREFIX}${document.body.dataset.me || ''}:${form.dataset.draft}`;
const kept = (field) => field.name && !field.matches('[type=file],[type=password],[type=hidden],[type=submit],[data-private]');

function save(form) {
  const pairs = [...form.elements].filter(kept)
    .filter((field) => !field.matches('[type=radio],[type=checkbox]') || field.checked)
    .map((field) => [field.name, field.value]);
  try { sessionStorage.setItem(name(form), JSON.stringify(pairs)); } catch { /* full or refused: nothing is kept */ }
}

function restore(form) {
  let pairs = null;
  try { pairs = JSON.parse(sessionStorage.getItem(name(form)) || 'null'); } catch { pairs = null; }
  if (!pairs || form.querySelector('[aria-invalid=true]')) return;
  const values = new Map();
  pairs.forEach(([key, value]) => values.set(key, [...(values.get(key) ?? []), value]));
  [...form.elements].filter(kept).forEach((field) => {
    const given = values.get(field.name);
    if (field.matches('[type=radio],[type=checkbox]')) field.checked = Boolean(given?.includes(field.value));
    else if (given) field.value = given.shift() ?? field.value;
  });
}

export function startDraft() {
  document.querySelectorAll('form[data-draft]').forEach(restore);
  document.addEventListener('input', (event) => {
    const form = event.target.form;
    if (form?.matches('[data-draft]')) save(form);
  });
  document.addEventListener('submit', (event) => {
    if (event.target.matches('[data-draft]')) sessionStorage.removeItem(name(event.target));
  });
  document.addEventListener('reset', (event) => {
    if (event.target.matches('[data-draft]')) sessionStorage.removeItem(name(event.target));
  });
}
