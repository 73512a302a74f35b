// Keyboard of a lookup field: <input role="combobox" aria-controls="LIST"> with <ul id="LIST" role="listbox"> that the
// server fills. An option carries data-href (go there), or data-value with data-text (fill data-into="ID" and the field).
function list(input) {
  return document.getElementById(input.getAttribute('aria-controls') || '');
}

function options(input) {
  return [...(list(input)?.querySelectorAll('[role=option]') ?? [])];
}

function mark(input, option) {
  options(input).forEach((other) => other.setAttribute('aria-selected', String(other === option)));
  if (option?.id) input.setAttribute('aria-activedescendant', option.id);
  else input.removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
}

function close(input) {
  const box = list(input);
  if (box) box.replaceChildren();
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}

function pick(input, option) {
  if (option.dataset.href) {
    location.assign(option.dataset.href);
    return;
  }
  const into = document.getElementById(input.dataset.into || '');
  if (into) {
    into.value = option.dataset.value ?? '';
    into.dispatchEvent(new Event('change', { bubbles: true }));
  }
  input.value = option.dataset.text ?? option.textContent.trim();
  close(input);
  input.dispatchEvent(new CustomEvent('picked', { bubbles: true }));
}

function step(input, by) {
  const all = options(input);
  if (!all.length) return;
  const now = all.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  mark(input, all[(now + by + all.length) % all.length]);
}

export function startLookup() {
  document.addEventListener('keydown', (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.getAttribute('role') !== 'combobox' || event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      step(input, event.key === 'ArrowDown' ? 1 : -1);
      event.preventDefault();
    } else if (event.key === 'Enter') {
      const option = options(input).find((other) => other.getAttribute('aria-selected') === 'true');
      if (option) { pick(input, option); event.preventDefault(); }
    } else if (event.key === 'Escape' && options(input).length) {
      close(input);
      event.preventDefault();
    }
  });
  document.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=listbox] [role=option]') : null;
    const box = option?.closest('[role=listbox]');
    const input = box && document.querySelector(`[role=combobox][aria-controls="${box.id}"]`);
    if (option && input && !event.target.closest('a,button')) pick(input, option);
  });
  // The field keeps the focus while an option is pressed, so that leaving the field can close its list.
  document.addEventListener('mousedown', (event) => {
    if (event.target instanceof Element && event.target.closest('[role=listbox] [role=option]')) event.preventDefault();
  });
  document.addEventListener('focusout', ({ target: input }) => {
    if (input instanceof HTMLInputElement && list(input)?.classList.contains('found')) close(input);
  });
  document.addEventListener('htmx:afterSettle', () => {
    document.querySelectorAll('input[role=combobox]').forEach((input) => {
      input.setAttribute('aria-expanded', String(options(input).length > 0));
      options(input).forEach((option, n) => { option.id ||= `${input.getAttribute('aria-controls')}-${n}`; });
    });
  });
}
