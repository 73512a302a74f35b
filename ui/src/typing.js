/** True while a key belongs to what the person types: a field, an open list, or an input method at work. */
export function typing(event) {
  const target = event.target;
  if (event.isComposing || event.keyCode === 229) return true;
  if (!(target instanceof Element)) return false;
  if (target.matches('textarea,select,[contenteditable=""],[contenteditable=true]')) return true;
  return target.matches('input') && !target.matches('[type=radio],[type=checkbox],[type=button],[type=submit],[type=file]');
}
