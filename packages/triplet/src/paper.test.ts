import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readPaper } from '@tensor-papers/workbench';
import * as triplet from './index.js';

const root = join(__dirname, '..');
const paper = readPaper(join(root, '..'), 'triplet');

it('paper.json is a paper whose equations name what this package exports', () => {
  const questions = new Set(paper.claims.map(({ id }) => id.split('-')[0]));
  expect([...questions]).toEqual(['H1', 'H2', 'H3', 'H4', 'H5']);
  const exported = Object.keys(triplet);
  for (const { symbol } of paper.equations) expect(exported).toContain(symbol);
});

it('the README says what paper.json says', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(readme).toContain(`\`\`\`bibtex\n${paper.citation.bibtex}\n\`\`\``);
  for (const remark of [...paper.deviations, ...paper.notImplemented]) expect(readme).toContain(`- ${String(remark)}`);
  expect(readme).toMatch(/<!-- claims:start -->[\s\S]*<!-- claims:end -->/);
});

it('the README lists every function and class of this package', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  for (const name of Object.keys(triplet).filter((name) => !name.endsWith('Error'))) {
    expect(readme).toContain(`\`${name}`);
  }
});
