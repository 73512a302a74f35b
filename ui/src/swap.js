// htmx as this program uses it: no eval, no inline style, no pages kept in the browser, errors shown where they belong.
import htmx from 'htmx.org/dist/htmx.esm.js';

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollBehavior: 'auto',
  timeout: 20_000,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '[45]..', swap: true, error: true },
  ],
});

export function startSwap() {
  document.addEventListener('htmx:afterSettle', (event) => {
    const root = event.detail.elt ?? event.target;
    const target = root.matches?.('[data-focus]') ? root : root.querySelector?.('[data-focus]');
    target?.focus();
  });
  document.addEventListener('htmx:sendError', () => document.getElementById('offline')?.removeAttribute('hidden'));
  addEventListener('online', () => document.getElementById('offline')?.setAttribute('hidden', ''));
  addEventListener('offline', () => document.getElementById('offline')?.removeAttribute('hidden'));
}
