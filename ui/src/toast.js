// Short messages at the lower edge: from the page (.toast1[data-toast]) or from an answer's HX-Trigger {"toast": {...}}.
const SHOWN = 8000;

function leave(toast) {
  let timer = setTimeout(() => toast.remove(), SHOWN);
  toast.addEventListener('mouseenter', () => clearTimeout(timer));
  toast.addEventListener('focusin', () => clearTimeout(timer));
  toast.addEventListener('mouseleave', () => { timer = setTimeout(() => toast.remove(), SHOWN); });
}

export function toast(text) {
  const box = document.getElementById('toasts');
  if (!box || !text) return;
  const item = document.createElement('div');
  item.className = 'toast1';
  item.textContent = text;
  box.append(item);
  leave(item);
}

export function startToast() {
  document.querySelectorAll('[data-toast]').forEach(leave);
  document.body.addEventListener('toast', (event) => toast(event.detail?.text ?? event.detail?.value));
}
