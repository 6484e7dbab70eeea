import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readPaper } from '@tensor-papers/workbench';
import * as l2h from './index.js';

const root = join(__dirname, '..');
const paper = readPaper(join(root, '..'), 'l2h-core');

it('paper.json is a paper whose equations name what this package exports', () => {
  expect(paper.claims.map(({ id }) => id)).toEqual(Array.from({ length: 12 }, (_, i) => `H${i + 1}`));
  for (const { symbol } of paper.equations) expect(Object.keys(l2h)).toContain(symbol);
});

it('the README says what paper.json says', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(readme).toContain(`\`\`\`bibtex\n${paper.citation.bibtex}\n\`\`\``);
  for (const remark of [...paper.deviations, ...paper.notImplemented]) expect(readme).toContain(`- ${String(remark)}`);
});
