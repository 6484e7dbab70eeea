import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkFileHygiene } from './file-hygiene.mjs';
import { checkImportDirections } from './import-directions.mjs';
import { readWorkspace } from './workspace.mjs';

let root: string;
const write = (path: string, content: unknown) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const manifest = (name: string, groups: Record<string, string[]> = {}) => ({
  name: `@tensor-papers/${name}`,
  ...Object.fromEntries(
    Object.entries(groups).map(([group, names]) => [group, Object.fromEntries(names.map((each) => [each, '*']))]),
  ),
});
const findings = () => checkImportDirections(root, readWorkspace(root));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'repository-'));
  write('packages/numerics/package.json', manifest('numerics'));
  write(
    'packages/tensor-core/package.json',
    manifest('tensor-core', { dependencies: ['@tensor-papers/numerics'], devDependencies: ['@tensor-papers/engine'] }),
  );
  write('packages/engine/package.json', manifest('engine'));
  write('packages/tensor-core/src/a.ts', "import { x } from '@tensor-papers/numerics/random';\nimport './b.js';\n");
});
afterEach(() => rmSync(root, { recursive: true }));

describe('import directions', () => {
  it('finds nothing in a workspace that keeps them', () => {
    expect(findings()).toEqual([]);
  });

  it('finds a dependency against the direction', () => {
    write('packages/numerics/package.json', manifest('numerics', { dependencies: ['@tensor-papers/engine'] }));
    expect(findings().join()).toMatch(/numerics.*dependency on @tensor-papers\/engine/);
  });

  it('finds a cycle that only devDependencies close', () => {
    write('packages/engine/package.json', manifest('engine', { devDependencies: ['@tensor-papers/tensor-core'] }));
    expect(findings().join()).toMatch(/cycle between packages: engine → tensor-core → engine/);
  });

  it('finds a devDependency imported by shipped code, and lets a test import it', () => {
    write('packages/tensor-core/src/a.test.ts', "import { useEngine } from '@tensor-papers/engine';\n");
    expect(findings()).toEqual([]);
    write('packages/tensor-core/src/a.ts', "export { useEngine } from '@tensor-papers/engine';\n");
    expect(findings().join()).toMatch(/src\/a\.ts.*only a devDependency/);
  });

  it('finds undeclared packages in static, dynamic and type-only imports', () => {
    write(
      'packages/numerics/src/a.ts',
      "import type { Z } from 'zod';\nawait import('commander');\nimport fs from 'node:fs';\n",
    );
    expect(findings()).toHaveLength(2);
  });

  it('finds a relative import that leaves the package', () => {
    write('packages/numerics/src/a.ts', "import '../../engine/src/index.js';\n");
    expect(findings().join()).toMatch(/leaves the package/);
  });

  it('wants every package to be of the core or a paper', () => {
    write('packages/stray/package.json', manifest('stray'));
    expect(findings().join()).toMatch(/packages\/stray: neither/);
    write('packages/stray/paper.json', {});
    expect(findings()).toEqual([]);
  });

  it('keeps papers from importing each other', () => {
    write('packages/a/paper.json', {});
    write('packages/a/package.json', manifest('a', { dependencies: ['@tensor-papers/b'] }));
    write('packages/b/paper.json', {});
    write('packages/b/package.json', manifest('b'));
    expect(findings().join()).toMatch(/packages\/a\/package\.json: dependency on @tensor-papers\/b/);
  });
});

describe('file hygiene', () => {
  it('finds large files, machine paths and tests that are switched off', () => {
    write('big.bin', 'x'.repeat(1_000_001));
    write('notes.md', `see ${['', 'home', 'someone', 'data'].join('/')}`);
    write('a.test.ts', ['it', "skip('x')"].join('.'));
    write('fine.md', 'see /usr/share/datasets and https://example.org/home/x');
    expect(checkFileHygiene(root, ['big.bin', 'notes.md', 'a.test.ts', 'fine.md'])).toEqual([
      expect.stringMatching(/big\.bin: 1\.0 MB/),
      expect.stringMatching(/notes\.md: contains a path/),
      expect.stringMatching(/a\.test\.ts: a test is switched off/),
    ]);
  });
});
