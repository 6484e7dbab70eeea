import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { lineDifference } from './line-difference.mjs';
import { apiSurface } from './surface.mjs';

let folder: string;
const index = `import { Options, Hidden } from './chunk.js';
/** Adds. */
declare function add(a: number, options?: Options): number;
declare const names: readonly string[];
declare class Index<T> {
    #rows;
    private readonly cache: Hidden;
    constructor(rows: T[]);
    get length(): number;
}
export { Index, type Options as AddOptions, add, names };
`;
const chunk = `interface Options {
    readonly depth: Depth;
}
type Depth = 1 | 2;
interface Hidden {
    x: number;
}
export type { Hidden, Options };
`;
const surface = (files: { index?: string; chunk?: string } = {}) => {
  writeFileSync(join(folder, 'dist', 'index.d.ts'), files.index ?? index);
  writeFileSync(join(folder, 'dist', 'chunk.d.ts'), files.chunk ?? chunk);
  return apiSurface(folder, 'sample', [{ entry: '.', types: './dist/index.d.ts' }, { entry: './setup' }]);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'surface-'));
  mkdirSync(join(folder, 'dist'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is the exported declarations of each entry, and those that they mention', () => {
  expect(surface()).toBe(`# sample

Written by \`pnpm check:packed --only api --update\`.

## \`.\`

\`\`\`ts
AddOptions: interface Options {
    readonly depth: Depth;
}
class Index<T> {
    constructor(rows: T[]);
    get length(): number;
}
function add(a: number, options?: Options): number;
const names: readonly string[];
\`\`\`

## Mentioned by these, not exported

\`\`\`ts
type Depth = 1 | 2;
\`\`\`
`);
});

it('changes with a type that is mentioned only, not with comments or private members', () => {
  const was = surface();
  expect(lineDifference(was, surface({ chunk: chunk.replace('1 | 2', '1 | 2 | 3') }))).toEqual([
    '- type Depth = 1 | 2;',
    '+ type Depth = 1 | 2 | 3;',
  ]);
  expect(surface({ index: index.replace('Adds.', 'Sums.').replace('    #rows;\n', '') })).toBe(was);
  expect(lineDifference(was, surface({ index: index.replace(', names }', ' }') }))).toEqual([
    '- const names: readonly string[];',
  ]);
});

it('wants a built package', () => {
  expect(() => apiSurface(folder, 'sample', [{ entry: '.', types: './dist/index.d.ts' }])).toThrow(
    'sample: ./dist/index.d.ts is not there; build the package first',
  );
});
