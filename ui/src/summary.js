// After a page came back with errors, the summary of them has the focus, once.
export function startSummary() {
  document.querySelector('.note.late[tabindex="-1"]')?.focus();
}
