// "Copy to WeChat": the button copies the text of its field. Where the browser forbids it, the text is selected to be copied by hand.
import { toast } from './toast.js';

export function startWechat() {
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest('button[data-copies]') : null;
    const field = button && document.getElementById(button.dataset.copies);
    if (!field) return;
    field.focus();
    field.select();
    if (await copied(field)) toast(button.dataset.done);
  });
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Only secure pages have a clipboard; older ways still work there.
    return document.execCommand('copy');
  }
}
