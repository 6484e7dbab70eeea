/** One module for a page, with the settings that a bundler has for browsers; the condition finds the sources of this repository. */
export default {
  entry: ['test/browser/page.ts'],
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  noExternal: [/./],
  silent: true,
  esbuildOptions(options) {
    options.conditions = ['@tensor-papers/source'];
  },
};
