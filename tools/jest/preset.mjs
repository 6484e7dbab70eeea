import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** ESM-only dependencies have to pass through swc, because jest's module system is CommonJS. */
const esmOnly = ['\\.pnpm', 'ml-[^/]+', 'is-any-array', 'hyparquet'];

/** The jest configuration of every package; one that computes with tensors adds the engine's environment and set-up file. */
export const preset = {
  testEnvironment: require.resolve('jest-environment-node'),
  testEnvironmentOptions: { customExportConditions: ['@tensor-papers/source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/{src,bench,examples,install,test}/**/*.test.ts'],
  // What takes minutes runs in `pnpm verify`.
  testPathIgnorePatterns: ['/node_modules/', '\\.verify\\.test\\.ts$'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      require.resolve('@swc/jest'),
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  maxWorkers: 1,
  testTimeout: 60_000,
  reporters: ['default', here('summary-reporter.mjs')],
};

/** The configuration of `pnpm verify`: the long tests only. */
export const verifyPreset = {
  ...preset,
  testMatch: ['<rootDir>/{src,bench,examples,install,test}/**/*.verify.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
};

export default preset;
