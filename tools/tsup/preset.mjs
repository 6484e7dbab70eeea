import { readFileSync } from 'node:fs';

/** ESM and CommonJS with types of every entry that package.json exports; siblings and peers stay outside the bundle. */
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));

const entry = Object.fromEntries(
  Object.values(exports)
    .filter((target) => target['@tensor-papers/source'])
    .map((target) => [
      target.import.default.replace(/^\.\/dist\//, '').replace(/\.js$/, ''),
      target['@tensor-papers/source'],
    ]),
);

export default {
  entry,
  format: ['esm', 'cjs'],
  dts: true,
  clean: true,
  sourcemap: true,
  target: 'node20',
};
