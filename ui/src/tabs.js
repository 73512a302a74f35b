// A row of tabs that does not fit is scrolled to the one that is open.
export function startTabs() {
  for (const tab of document.querySelectorAll('.tabs [aria-current]')) {
    const row = tab.parentElement;
    if (row.scrollWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}
