import { describe, expect, it } from '@jest/globals';
import { checkContents } from './contents.mjs';

const manifest = {
  name: '@tensor-papers/sample',
  files: ['dist', 'src', '!src/**/*.test.ts', 'paper.json', 'fixtures/table.json'],
  exports: {
    '.': { import: { types: './dist/index.d.ts', default: './dist/index.js' } },
    './package.json': './package.json',
  },
  dependencies: { 'pure-rand': '8.4.1' },
};
const map = { sources: ['../src/index.ts'] };
const whole = {
  'package.json': JSON.stringify(manifest),
  'README.md': 'See [the paper](https://example.org) and [the table](fixtures/table.json).',
  LICENSE: 'MIT',
  'paper.json': '{}',
  'fixtures/table.json': '{}',
  'dist/index.js': "import { uniformInt } from 'pure-rand';\nimport './part.js';\n//# sourceMappingURL=index.js.map\n",
  'dist/index.js.map': JSON.stringify(map),
  'dist/part.js': "import 'node:fs';\n",
  'dist/index.d.ts': 'export {};\n',
  'src/index.ts': "export { a } from './a.js';\n",
  'src/a.ts': 'export const a = 1;\n',
};
const findings = (changes: Record<string, string | undefined> = {}) =>
  checkContents(
    new Map(
      Object.entries({ ...whole, ...changes })
        .filter((entry): entry is [string, string] => entry[1] !== undefined)
        .map(([path, text]) => [path, Buffer.from(text)]),
    ),
  );

describe('what a tarball holds', () => {
  it('is right when it is what the manifest means', () => {
    expect(findings()).toEqual([]);
  });

  it.each([
    [{ LICENSE: undefined }, 'LICENSE is missing'],
    [{ 'dist/index.d.ts': undefined }, 'package.json names dist/index.d.ts, which is not in the tarball'],
    [{ 'notes.txt': '' }, 'notes.txt is in the tarball, but `files` does not mean it'],
    [{ 'distant/a.js': '' }, 'distant/a.js is in the tarball, but `files` does not mean it'],
    [{ 'src/a.test.ts': '' }, 'src/a.test.ts is for development and should not be in the tarball'],
    [{ 'src/fixtures/x.json': '{}' }, 'src/fixtures/x.json is for development and should not be in the tarball'],
    [{ 'dist/bench/x.js': '' }, 'dist/bench/x.js is for development and should not be in the tarball'],
    [
      { 'dist/index.js.map': undefined },
      'dist/index.js names the source map dist/index.js.map, which is not in the tarball',
    ],
    [
      { 'dist/index.js.map': JSON.stringify({ ...map, sources: ['../src/gone.ts'] }) },
      'dist/index.js.map points to ../src/gone.ts, which is neither in it nor in the tarball',
    ],
    [
      { 'dist/part.js': "import 'ml-matrix';\n" },
      "dist/part.js imports 'ml-matrix', which package.json does not declare",
    ],
    [
      { 'dist/index.d.ts': "import type { Tensor } from '@tensorflow/tfjs';\n" },
      "dist/index.d.ts imports '@tensorflow/tfjs', which package.json does not declare",
    ],
    [{ 'src/index.ts': "export { b } from './b.js';\n" }, "src/index.ts imports './b.js', which is not in the tarball"],
    [
      { 'README.md': 'See [docs](../../docs/a.md#part).' },
      'README.md links to ../../docs/a.md, which is not in the tarball',
    ],
    [
      {
        'package.json': JSON.stringify({ ...manifest, peerDependencies: { '@tensor-papers/numerics': 'workspace:*' } }),
      },
      "package.json: @tensor-papers/numerics is 'workspace:*', which means nothing outside the repository",
    ],
  ])('%j is found', (changes: Record<string, string | undefined>, finding) => {
    expect(findings(changes)).toEqual([finding]);
  });

  it('a source map that holds its sources points to nothing else', () => {
    const held = { sources: ['../gone.ts'], sourcesContent: ['export {};'] };
    expect(findings({ 'dist/index.js.map': JSON.stringify(held) })).toEqual([]);
  });
});
