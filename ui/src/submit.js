// Ctrl+Enter sends the form; a form that is on its way cannot be sent twice.
export function startSubmit() {
  // The program's own sentences say what to correct, in the page's language and all at once; the browser's bubbles do not.
  const plain = (root) => root.querySelectorAll?.('form[method=post]').forEach((form) => { form.noValidate = true; });
  plain(document);
  document.addEventListener('htmx:afterSettle', (event) => plain(event.target));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const inside = event.target instanceof Element ? event.target.closest('form') : null;
    const form = inside && inside.method === 'post' ? inside : document.querySelector('form[data-main]');
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = 'yes';
    form.setAttribute('aria-busy', 'true');
  });
  const free = (root) => root.querySelectorAll?.('form[data-sent]').forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute('aria-busy');
  });
  addEventListener('pageshow', () => free(document));
  document.addEventListener('htmx:afterRequest', () => free(document));
}
