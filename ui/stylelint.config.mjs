// The browser floor: Chromium 86 (browserslist in package.json), over theme.css and over the stylesheet that is shipped.
export default {
  plugins: ['stylelint-no-unsupported-browser-features'],
  rules: {
    'plugin/no-unsupported-browser-features': [true, { severity: 'error', ignorePartialSupport: true }],
  },
};
