// "Copy to WeChat": a form with a text (data-copies="ID of its field"), or one that has its text made first (data-copy-text). What was
// copied is posted as the trace; where copying is forbidden the form itself is sent, and the page behind it shows the text.
import { toast } from './toast.js';

export function startWechat() {
  document.addEventListener('submit', async (event) => {
    const form = event.target instanceof HTMLFormElement && event.target.matches('[data-copies],[data-copy-text]') ? event.target : null;
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    try {
      const ready = 'copyText' in form.dataset ? await made(form) : form;
      const field = ready.elements.namedItem('said');
      if (!(await copied(field.value))) throw new Error('not copied');
      const kept = await post(ready);
      if (!kept.ok) throw new Error(String(kept.status));
      toast(form.dataset.done);
    } catch {
      // submit() asks nobody again: the page takes over.
      form.submit();
    }
  }, true);
}

function post(form) {
  return fetch(form.getAttribute('action'), { method: 'POST', body: new URLSearchParams(new FormData(form)), credentials: 'same-origin' });
}

/** The form with the text, out of the page that makes it. */
async function made(form) {
  const answer = await post(form);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const ready = page.querySelector('form[data-copies]');
  if (!answer.ok || !ready) throw new Error(String(answer.status));
  return ready;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Only secure pages have a clipboard; the older way still works there.
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'vh';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
