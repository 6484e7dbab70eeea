import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { bundle, codeRunOnImport, esbuildOf } from './bundles.mjs';
import { checkSize } from './ceilings.mjs';

let folder: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  write('package.json', JSON.stringify({ name: 'sample', type: 'module', sideEffects: false, exports: './index.js' }));
  write(
    'index.js',
    "import './other.js';\nimport { used } from 'dependency';\nexport const small = () => 1;\nexport const large = () => used;\n",
  );
  write('other.js', 'globalThis.other = 1;\n');
  write('node_modules/dependency/package.json', JSON.stringify({ name: 'dependency', main: 'index.js' }));
  write(
    'node_modules/dependency/index.js',
    "import * as tf from '@tensorflow/tfjs';\nimport 'node:fs';\nimport 'path';\nexport const used = tf;\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const esbuild = () => esbuildOf(join(__dirname, '..', '..', 'packages', 'numerics'));

it('a bundle has what an import needs, TensorFlow.js left out and modules of Node named', async () => {
  const large = await bundle(await esbuild(), folder, "export { large } from 'sample';");
  expect(large.text).toContain('from"@tensorflow/tfjs"');
  expect(large.nodeModules).toEqual(['node:fs', 'path']);
  expect(large.bytes).toBe(large.text.length);
});

it('an import alone leaves nothing, and what the promise of no side effects hides is seen', async () => {
  expect((await bundle(await esbuild(), folder, "import 'sample';")).bytes).toBe(0);
  expect((await codeRunOnImport(await esbuild(), folder, 'sample')).text).toBe('globalThis.other=1;\n');
});

it('a size has a ceiling and stays under it', () => {
  expect(checkSize('packed', 300, 300, 'sample.packed')).toEqual([]);
  expect(checkSize('packed', 301_000, 300_000, 'sample.packed')).toEqual([
    'packed: 301.0 kB, above the ceiling of 300.0 kB (sample.packed in tools/packed/ceilings.json)',
  ]);
  expect(checkSize('packed', 301, undefined, 'sample.packed')).toEqual([
    'packed: 301 bytes, without a ceiling; set sample.packed in tools/packed/ceilings.json a little above',
  ]);
});
