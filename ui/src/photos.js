// Shows the photos chosen in <input type="file" data-photos="BOX"> and lets each be taken out again.
function show(input, box) {
  box.replaceChildren();
  [...input.files].forEach((file, n) => {
    const cell = document.createElement('span');
    cell.className = 'cphoto has';
    const name = document.createElement('span');
    name.className = 'ell';
    name.textContent = file.name;
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.className = 'rm';
    remove.textContent = '×';
    remove.setAttribute('aria-label', `${box.dataset.remove || ''} ${file.name}`.trim());
    remove.addEventListener('click', () => { without(input, n); show(input, box); });
    cell.append(name, remove);
    box.append(cell);
  });
}

function without(input, n) {
  const rest = new DataTransfer();
  [...input.files].forEach((file, k) => { if (k !== n) rest.items.add(file); });
  input.files = rest.files;
}

export function startPhotos() {
  document.querySelectorAll('input[type=file][data-photos]').forEach((input) => {
    const box = document.getElementById(input.dataset.photos);
    if (box) input.addEventListener('change', () => show(input, box));
  });
}
