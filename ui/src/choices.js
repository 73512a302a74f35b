// Small enhancements of plain controls: picked cards keep their mark, chips toggle their hidden checkbox, a select with
// data-auto sends its form, one with data-press presses the button of that id, a print button prints.
export function startChoices() {
  document.addEventListener('change', (event) => {
    const input = event.target;
    if (!(input instanceof Element)) return;
    if (input.matches('.pick input[type=radio]')) {
      input.closest('form, body').querySelectorAll(`.pick input[name="${CSS.escape(input.name)}"]`)
        .forEach((other) => other.closest('.pick').classList.toggle('on', other.checked));
    }
    if (input.matches('[data-auto]')) input.form?.requestSubmit();
    if (input.matches('[data-press]')) document.getElementById(input.dataset.press)?.click();
  });
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('[data-print]')) print();
    const chip = target?.closest('button.sym[data-adds]');
    if (chip) addWords(chip);
    const variable = target?.closest('button[data-inserts]');
    if (variable) insert(variable);
  });
  // A paper that was counted goes to the printer at once; the button stays for a second try.
  if (document.querySelector('[data-print-now]')) window.addEventListener('load', () => print());
}

/** Writes what the button carries where the cursor stands in its field. */
function insert(button) {
  const field = document.getElementById(button.dataset.inserts);
  if (!field) return;
  const at = field.selectionStart ?? field.value.length;
  field.setRangeText(button.dataset.text, at, field.selectionEnd ?? at, 'end');
  field.focus();
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** A symptom chip writes its words into the text field that it names. */
function addWords(chip) {
  const field = document.getElementById(chip.dataset.adds);
  if (!field) return;
  const text = chip.textContent.trim();
  const on = !chip.classList.contains('on');
  chip.classList.toggle('on', on);
  chip.setAttribute('aria-pressed', String(on));
  if (on && !field.value.includes(text)) field.value = field.value ? `${field.value.trimEnd()} ${text}` : text;
  if (!on) field.value = field.value.replace(text, '').trim();
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
