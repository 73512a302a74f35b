// Changes the theme at once; the form behind the button saves it (and works alone without scripts).
export function startTheme() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches('[data-theme-switch]')) return;
    event.preventDefault();
    const root = document.documentElement;
    const dark = root.dataset.bsTheme ? root.dataset.bsTheme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    const next = dark ? 'light' : 'dark';
    const body = new URLSearchParams(new FormData(form));
    body.set('to', next);
    root.dataset.bsTheme = next;
    fetch(form.action, { method: 'POST', body, credentials: 'same-origin', redirect: 'manual' }).catch(() => {});
  });
}
