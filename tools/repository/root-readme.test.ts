import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { checkRootReadme } from './root-readme.mjs';
import { readWorkspace } from './workspace.mjs';

let root: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const findings = (readme: string) => {
  write('README.md', readme);
  return checkRootReadme(root, readWorkspace(root));
};
const block = (language: string, code: string) => ['```', language, '\n', code, '```\n'].join('');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'root-readme-'));
  write('packages/tins/package.json', '{ "name": "@tensor-papers/tins" }');
  write('packages/tins/README.md', block('ts', "import { tin } from 'tins';\nif (tin) {\n  open(tin);\n}\n"));
  write('packages/tins/src/tin.ts', 'export function tin() {\n  for (;;) {\n    fill();\n  }\n}\n');
});
afterEach(() => rmSync(root, { recursive: true }));

it('code is that of a README or of sources, whatever its indentation', () => {
  expect(findings(block('ts', "import { tin } from 'tins';\nif (tin) {\n  open(tin);\n}\n"))).toEqual([]);
  expect(findings(block('ts', 'for (;;) {\n  fill();\n}\n'))).toEqual([]);
  expect(findings(block('sh', 'npm i tins\n'))).toEqual([]);
  expect(findings(block('ts', 'fill(2);\n'))).toEqual([
    expect.stringMatching(/begins 'fill\(2\);'; copy it from there/),
  ]);
  expect(findings(block('text', '3 tins\n'))).toEqual([expect.stringMatching(/begins '3 tins'/)]);
});

it('links lead somewhere', () => {
  expect(findings('[a](packages/tins/README.md#use) [b](#c) [d](https://x.org/y) <img src="packages/tins">')).toEqual(
    [],
  );
  expect(findings('[a](packages/can) <source srcset="docs/p.png">')).toEqual([
    expect.stringMatching(/at packages\/can, there is none/),
    expect.stringMatching(/at docs\/p\.png, there is none/),
  ]);
});
