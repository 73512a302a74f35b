// <input type="file" data-fills="ID"> puts the text of a chosen list into the field ID. Lists that a Chinese Excel writes are not
// UTF-8; what does not read as UTF-8 is read as GB 18030.
function text(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

export function startFills() {
  document.addEventListener('change', async (event) => {
    const id = event.target.dataset?.fills;
    const field = id && document.getElementById(id);
    const [file] = event.target.files || [];
    if (!field || !file) return;
    field.value = text(await file.arrayBuffer()).replace(/^\uFEFF/, '');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  });
}
