import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exampleConformance, examplePeers, fixture, standardResult } from '../test/fixtures.js';
import { ReportInputError } from './errors.js';
import { readPaper, readPapers } from './read-papers.js';
import { readConformance, readPeers, readResult, readResults, readStudies } from './read-results.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-input-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: unknown) => {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

describe('readResults', () => {
  it('reads the fixtures, which follow the schema', () => {
    expect(readResults(fixture('results')).map(({ result }) => result.preset)).toEqual(['standard']);
    expect(readResults(fixture('demo')).map(({ result }) => result.preset)).toEqual(['quick']);
  });

  it('takes an absent folder as empty, and leaves studies, comparisons and other files to others', () => {
    expect(readResults(join(folder, 'nowhere'))).toEqual([]);
    write('peers.json', []);
    write('example.study.json', {});
    write('notes.txt', '');
    expect(readResults(folder)).toEqual([]);
  });

  it('reads studies by their own names, and takes no other preset for one', () => {
    write('example.json', standardResult());
    expect(readStudies(folder)).toEqual([]);
    const file = write('example.study.json', { ...standardResult(), preset: 'study' });
    expect(readStudies(folder).map((study) => [study.file, study.result.preset])).toEqual([[file, 'study']]);
    expect(readResults(folder).map(({ result }) => result.preset)).toEqual(['standard']);
    write('example.study.json', standardResult());
    expect(() => readStudies(folder)).toThrow(/example\.study\.json: field preset: expected "study" .*got "standard"/);
  });

  it.each([
    ['', /is empty/],
    ['{"paper": "exa', /is no JSON/],
    ['[]', /field the whole file/],
    [{ ...standardResult(), seeds: 'one' }, /field seeds: /],
    [{ ...standardResult(), arms: undefined }, /field arms: /],
    [{ ...standardResult(), figures: [{ ...standardResult().figures[0], bars: 'none' }] }, /field figures\.0\.bars/],
    [
      { ...standardResult(), figures: [{ kind: 'pie', id: 'p', caption: '', alt: 'A pie' }] },
      /field figures\.0\.title/,
    ],
    [{ ...standardResult(), figures: [{ kind: 7 }] }, /field figures\.0\.kind/],
    [{ ...standardResult(), paper: 'other' }, /field paper: expected "example"/],
  ])('names file and field of a bad result (%#)', (content, message) => {
    const file = write('example.json', content);
    expect(() => readResults(folder)).toThrow(ReportInputError);
    expect(() => readResults(folder)).toThrow(message);
    expect(() => readResults(folder)).toThrow(file);
  });

  it('keeps a figure of a kind that it does not know, where it stood', () => {
    const pie = { kind: 'pie', id: 'shares', title: 'Shares', caption: '', alt: 'A pie', slices: [1, 2] };
    const { figures } = standardResult();
    const file = write('example.json', { ...standardResult(), figures: [figures[0], pie, figures[1]] });
    expect(readResult(file).figures.map(({ id }) => id)).toEqual([figures[0]!.id, 'shares', figures[1]!.id]);
    expect(readResult(file).figures[1]).toEqual(pie);
  });

  it('reads comparisons and the conformance table where they are, and names file and field where they are bad', () => {
    expect([readPeers(folder), readConformance(folder)]).toEqual([undefined, undefined]);
    expect(readPeers(fixture('results'))?.rows).toHaveLength(4);
    expect(readConformance(fixture('results'))?.engines).toHaveLength(6);
    write('peers.json', { schema: 1, rows: [] });
    expect(readPeers(folder)).toBeUndefined();
    write('peers.json', { schema: 1, rows: [{ ...examplePeers().rows[0], ratio: 0 }] });
    expect(() => readPeers(folder)).toThrow(/peers\.json: field rows\.0\.ratio: .*run `papers peers` again/);
    write('engine.conformance.json', { ...exampleConformance(), engines: 'all' });
    expect(() => readConformance(folder)).toThrow(/engine\.conformance\.json: field engines: .*conformance` again/);
  });

  it('names a file that cannot be read', () => {
    mkdirSync(join(folder, 'example.json'));
    expect(() => readResult(join(folder, 'example.json'))).toThrow(/cannot be read/);
  });
});

describe('readPapers', () => {
  it('finds the papers among the packages, by name', () => {
    mkdirSync(join(folder, 'engine'));
    expect(readPapers(folder)).toEqual([]);
    expect(readPapers(join(folder, 'nowhere'))).toEqual([]);
    const [paper, ...others] = readPapers(fixture('papers'));
    expect(others).toEqual([]);
    expect(paper).toMatchObject({ name: 'example', authors: 'A. Author, B. Writer, C. Scribe', year: '2018' });
    expect(paper?.equations.map(({ id }) => id)).toEqual(['eq2', 'eq7', 'eq10']);
  });

  it('makes sentences of deviations, whatever their form', () => {
    const file = write('paper.json', {
      title: 'T',
      deviations: ['A.', { id: 'd2', what: 'Two weights are 1', why: 'The paper is silent.' }],
    });
    expect(readPaper(file, 't').deviations).toEqual(['A.', 'Two weights are 1. The paper is silent.']);
  });

  it.each([
    [{}, /field title: expected/],
    [{ citation: { title: { a: 1 } } }, /field citation\.title: expected text/],
    [{ title: 'T', equations: 'none' }, /field equations: expected a list/],
    [{ title: 'T', equations: [{ tex: ['a', 1] }] }, /field equations\.0\.tex: expected text/],
    [{ title: 'T', deviations: [3] }, /field deviations\.0/],
    [[], /expected an object/],
    ['{', /is no JSON/],
  ])('names file and field of a bad description (%#)', (content, message) => {
    const file = write('paper.json', content);
    expect(() => readPaper(file, 't')).toThrow(message);
    expect(() => readPaper(file, 't')).toThrow(file);
  });
});
