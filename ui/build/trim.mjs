// Cuts Tabler down to its base (elements, reset, tokens) and the classes that are kept.

const CLASS = /\.(-?[A-Za-z_][\w-]*)/g;
// Parts of Tabler that no page has: its other themes, layouts, and attributes of its own scripts.
const OTHER_ATTRIBUTE = /\[(?!data-bs-theme=|type=|href|title|hidden|disabled|role=)/;
const VARIABLE = /var\(\s*(--[\w-]+)/g;

function wanted(selector, keep) {
  const classes = [...selector.matchAll(CLASS)].map((match) => match[1]);
  return classes.every((name) => keep.has(name)) && !OTHER_ATTRIBUTE.test(selector);
}

function usedVariables(root, theme) {
  const used = new Set([...theme.matchAll(VARIABLE)].map((match) => match[1]));
  root.walkDecls((declaration) => {
    for (const match of declaration.value.matchAll(VARIABLE)) used.add(match[1]);
  });
  return used;
}

export function trim(root, keep, theme) {
  root.walkRules((rule) => {
    if (rule.parent.type === 'atrule' && /keyframes$/.test(rule.parent.name)) return;
    const selectors = rule.selectors.filter((selector) => wanted(selector, keep));
    if (selectors.length) rule.selectors = selectors;
    else rule.remove();
  });
  // A variable may only be used by another that goes: repeat until nothing more goes.
  for (let gone = true; gone;) {
    gone = false;
    const used = usedVariables(root, theme);
    root.walkDecls(/^--/, (declaration) => {
      if (!used.has(declaration.prop)) { declaration.remove(); gone = true; }
    });
  }
  let css = '';
  root.walkDecls((declaration) => { css += ` ${declaration.value}`; });
  root.walkAtRules(/keyframes$/, (rule) => { if (!css.includes(rule.params)) rule.remove(); });
  root.walkComments((comment) => comment.remove());
}
