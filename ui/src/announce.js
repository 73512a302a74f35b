// Says something to screen readers once, through the page's polite status region.
export function announce(text) {
  const region = document.getElementById('announce');
  if (region && text) region.textContent = text;
}
