import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import preset from '@tensor-papers/tools/jest';

const vega = dirname(createRequire(import.meta.url).resolve('vega'));
const esmOnly = ['\\.pnpm', 'vega-[^/]+', 'd3-[^/]+', 'internmap', 'delaunator', 'robust-predicates'];

export default {
  ...preset,
  // The modules of vega await at their top level, which jest's CommonJS cannot; its bundle is the same code without that.
  moduleNameMapper: { ...preset.moduleNameMapper, '^vega$': join(vega, 'vega.js') },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`, '/vega/build/vega\\.js$'],
};
