import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readPaper } from '@tensor-papers/workbench';
import * as exported from './index.js';

const root = join(__dirname, '..');
const paper = readPaper(join(root, '..'), 'paper-name');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('paper.json is a paper whose equations name what this package exports', () => {
  expect(paper.claims.length).toBeGreaterThan(0);
  for (const { symbol } of paper.equations) expect(Object.keys(exported)).toContain(symbol);
});

it('the README says what paper.json says', () => {
  expect(readme).toContain(`\`\`\`bibtex\n${paper.citation.bibtex}\n\`\`\``);
  for (const remark of [...paper.deviations, ...paper.notImplemented]) expect(readme).toContain(`- ${String(remark)}`);
  expect(readme).toMatch(/<!-- claims:start -->[\s\S]*<!-- claims:end -->/);
});

it('the README lists every function and class of this package', () => {
  for (const name of Object.keys(exported).filter((name) => !name.endsWith('Error'))) {
    expect(readme).toContain(`\`${name}`);
  }
});
