import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { claimSchema } from '../claims/claim.js';
import { paperNames, papersFolder, readPaper, requirePaper } from './find-papers.js';
import { checkClaimArms, loadBenchmark } from './load-benchmark.js';

const folder = temporaryFolder();
const fixtures = fileURLToPath(new URL('../../fixtures/papers', import.meta.url));

function write(name: string, content: unknown): void {
  mkdirSync(join(folder(), name), { recursive: true });
  writeFileSync(join(folder(), name, 'paper.json'), typeof content === 'string' ? content : JSON.stringify(content));
}

const claim = {
  id: 'H1',
  statement: 'S',
  source: 'T',
  metric: 'm',
  unit: '',
  better: 'higher',
  compare: ['a', 'b'],
  kind: 'superiority',
};

describe('papers', () => {
  it('are the folders with a paper.json', () => {
    expect(paperNames(fixtures)).toEqual(['timid', 'tiny']);
    expect(paperNames(join(folder(), 'nowhere'))).toEqual([]);
    mkdirSync(join(folder(), 'engine'));
    write('b', {});
    write('a', {});
    expect(paperNames(folder())).toEqual(['a', 'b']);
  });

  it('of the repository follow the schema', () => {
    for (const name of paperNames(papersFolder)) expect(readPaper(papersFolder, name).name).toBe(name);
  });

  it('that do not exist are named with the nearest one', () => {
    expect(() => requirePaper(fixtures, 'tinny')).toThrow(/unknown paper 'tinny' \(did you mean 'tiny'\?\)/);
    expect(() => requirePaper(folder(), 'tiny')).toThrow(/no papers in/);
    expect(() => requirePaper(fixtures, 'tiny')).not.toThrow();
  });
});

describe('readPaper', () => {
  it('fills in what may be left out, and takes the forms that authors and years come in', () => {
    write('p', {
      name: 'p',
      title: 'P',
      citation: { title: 'P', authors: 'A. Author', year: 2018 },
      claims: [claim],
      own: 1,
    });
    const paper = readPaper(folder(), 'p');
    expect(paper.citation).toMatchObject({ authors: ['A. Author'], year: '2018' });
    expect(paper.claims[0]).toMatchObject({ margin: 0, method: 't' });
    expect(paper).toMatchObject({ equations: [], deviations: [], own: 1 });
  });

  const base = { name: 'p', title: 'P', citation: { title: 'P' } };
  it.each([
    ['{', /cannot be read as JSON/],
    [[], /field the whole value/],
    [{ ...base, citation: undefined }, /field citation/],
    [{ ...base, name: 'q' }, /field name: expected 'p'/],
    [{ ...base, claims: [{ ...claim, kind: 'better' }] }, /field claims\.0\.kind/],
    [{ ...base, claims: [{ ...claim, compare: ['a'] }] }, /field claims\.0\.compare/],
    [{ ...base, claims: [claim, claim] }, /field claims\.1\.id: H1 is used twice/],
    [
      { ...base, claims: [claim, { ...claim, id: 'H2', repeats: { claim: 'H3', on: 'other data' } }] },
      /field claims\.1\.repeats\.claim: expected the id of a claim that repeats none, got H3/,
    ],
    [{ ...base, deviations: [1] }, /field deviations\.0/],
  ])('names file and field of a bad one (%#)', (content, message) => {
    write('p', content);
    expect(() => readPaper(folder(), 'p')).toThrow(message);
    expect(() => readPaper(folder(), 'p')).toThrow(join(folder(), 'p', 'paper.json'));
  });
});

it('says where a benchmark is expected that is not there', async () => {
  write('p', {});
  await expect(loadBenchmark(folder(), 'p')).rejects.toThrow(/p has no benchmark yet: expected .*benchmark\.ts/);
});

it('finds claims about arms that are not there', () => {
  const claims = [claimSchema.parse(claim)];
  expect(() => checkClaimArms('p', claims, ['a', 'b'])).not.toThrow();
  expect(() => checkClaimArms('p', claims, ['a', 'c'])).toThrow(/claim H1 compares an unknown arm 'b'/);
});
