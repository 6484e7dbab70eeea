import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readPaper } from '@tensor-papers/workbench';
import * as ban from './index.js';

const root = join(__dirname, '..');
const paper = readPaper(join(root, '..'), 'ban');

it('paper.json is a paper whose equations name what this package exports', () => {
  const hypotheses = ['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'H7'];
  expect(paper.claims.map(({ id }) => id)).toEqual([...hypotheses, ...hypotheses.map((id) => `${id}-digits`)]);
  const exported = Object.keys(ban);
  for (const { symbol } of paper.equations) expect(exported).toContain(symbol);
});

it('the README says what paper.json says', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(readme).toContain(`\`\`\`bibtex\n${paper.citation.bibtex}\n\`\`\``);
  for (const remark of [...paper.deviations, ...paper.notImplemented]) expect(readme).toContain(`- ${String(remark)}`);
  for (const mode of ban.banModes) expect(readme).toContain(`| \`${mode}\``);
  expect(readme).toMatch(/<!-- claims:start -->[\s\S]*<!-- claims:end -->/);
});
