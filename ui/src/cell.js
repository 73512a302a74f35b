// What of a table goes into a spreadsheet.
/** A cell as a spreadsheet takes it: one line, and never a formula. */
export function cell(text) {
  const plain = text.replace(/\s+/g, ' ').trim();
  return /^[=+\-@\t\r＝＋－＠]/.test(plain) ? `'${plain}` : plain;
}
