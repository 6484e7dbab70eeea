import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSeed, type SeedKey, seedPath, writeSeed } from '../src/benchmark/seed-file.js';
import { readJsonFile, readResult } from '../src/result/files.js';
import { mergeFiles } from '../src/result/merge-files.js';
import type { Result } from '../src/result/schema.js';
import { papers, runPapers } from './papers-command.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();

/** Runs that were made apart: seeds 1 and 2 in `a`, 2 and 3 in `b`, with everything that was kept. */
let made: string;

beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'workbench-'));
  const run = (out: string, seed: string) =>
    runPapers(made, ['run', 'tiny', '--preset', 'standard', '--out', out, '--seed', seed, '--seeds', '2']);
  const ended = await Promise.all([run('a', '1'), run('b', '2')]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
});

afterAll(() => rmSync(made, { recursive: true, force: true }));

const file = (name: string) => join(folder(), name, 'tiny.json');
const seed = (name: string, number: number) => seedPath(join(folder(), name), 'tiny', number);
const merge = (...files: string[]) => mergeFiles(files, papers);
const command = 'npx -y pnpm@10 papers run tiny --preset standard --seed 1 --seeds 3';

/** Copies of the runs; of `bare` only the result file. */
function copyRuns(): void {
  cpSync(made, folder(), { recursive: true });
  cpSync(join(made, 'a', 'tiny.json'), file('bare'), { recursive: true });
}

/** Changes what a seed of a run says of itself. */
function changeSeed(name: string, number: number, change: (seed: ReturnType<typeof parseSeed>) => object): void {
  const path = seed(name, number);
  const kept = parseSeed(path, readJsonFile(path));
  writeSeed(join(folder(), name), { ...kept, ...change(kept) });
}

function changeResult(name: string, change: (result: Result) => object): void {
  const result = readResult(file(name));
  writeFileSync(file(name), JSON.stringify({ ...result, ...change(result) }));
}

describe('papers merge', () => {
  it('makes one result of runs that were made apart; a seed that both have counts once', async () => {
    copyRuns();
    const { code, stdout } = await runPapers(folder(), ['merge', file('b'), file('a'), '--json', 'all.json']);
    expect([code, stdout]).toEqual([0, `${join(folder(), 'all.json')}\n`]);
    const result = readResult(join(folder(), 'all.json'));
    expect(result).toMatchObject({ seeds: [1, 2, 3], partial: false, command });
    const [a, b] = [readResult(file('a')), readResult(file('b'))];
    expect(b.command).toBe('npx -y pnpm@10 papers run tiny --preset standard --seed 2 --seeds 2');
    expect(result.arms.control!.score).toEqual([...a.arms.control!.score!, b.arms.control!.score![1]]);
    expect(result.series.map((each) => each.seed)).toEqual([1, 2, 3]);
    expect(result.claims[0]).toMatchObject({ n: 3, verdict: 'supported' });
    expect(result.figures.find(({ id }) => id === 'pictures')).toMatchObject({
      rows: [1, 2, 3].map((each) => [each, `of seed ${each}`]),
    });
  });

  it('takes kept seeds, alone or beside results, and the fuller of two that are the same', async () => {
    copyRuns();
    expect((await merge(seed('a', 1), file('b'), seed('b', 3))).seeds).toEqual([1, 2, 3]);
    // The figures need what the bare result does not have.
    await expect(merge(file('bare'))).rejects.toThrow(
      /figures of tiny cannot be drawn from .*bare.tiny\.json alone.*keep the folder \.seeds/,
    );
    expect((await merge(file('bare'), file('a'), file('b'))).seeds).toEqual([1, 2, 3]);
    expect((await merge(file('a'), file('bare'))).seeds).toEqual([1, 2]);
  });

  it('names no command that would repeat seeds with a gap between them', async () => {
    copyRuns();
    const result = await merge(seed('a', 1), seed('b', 3));
    expect(result).toMatchObject({
      seeds: [1, 3],
      notes: [expect.any(String), expect.stringMatching(/^Seeds are missing/)],
    });
    expect(result.command).toBeUndefined();
  });

  it.each([
    ['preset', { preset: 'quick' }, /differ in preset: "(standard|quick)" and/],
    ['paper', { paper: 'timid' }, /differ in paper: "(tiny|timid)" and/],
    ['source', { source: 'other' }, /differ in source: ".*" and/],
    ['config', { config: { points: 9 } }, /differ in config: .*\{"points":9\}/],
    ['engine', { engine: { name: 'cpu', version: '0', threads: 1 } }, /differ in engine: .*"version":"0"/],
  ] satisfies [string, Partial<SeedKey>, RegExp][])('refuses seeds of another %s', async (_, change, message) => {
    copyRuns();
    const path = seed('b', 3);
    const kept = parseSeed(path, readJsonFile(path));
    const other = { ...kept, key: { ...kept.key, ...change } };
    writeSeed(join(folder(), 'other'), other);
    const otherFile = seedPath(join(folder(), 'other'), other.key.paper, 3);
    await expect(merge(file('a'), otherFile)).rejects.toThrow(message);
    await expect(merge(otherFile, file('a'))).rejects.toThrow(
      expect.objectContaining({ code: 'papers/seeds-differ', message: expect.stringContaining(`${otherFile} and `) }),
    );
  });

  it('refuses a seed that has other numbers in two files, and other data', async () => {
    copyRuns();
    changeSeed('b', 2, ({ outcome }) => ({
      outcome: { ...outcome, arms: { ...outcome.arms, control: { score: 1, constant: 1 } } },
    }));
    await expect(merge(seed('a', 2), seed('b', 2))).rejects.toThrow(
      /^seed 2 has other numbers in .*a.*2\.json than in .*b.*2\.json \(arms\.control\.score: [\d.]+ and 1\)/,
    );
    copyRuns();
    changeSeed('b', 2, ({ outcome }) => ({ outcome: { ...outcome, series: [] } }));
    await expect(merge(seed('a', 2), seed('b', 2))).rejects.toThrow(/other numbers .*\(series\.0: \{.*… and null\)/);
    copyRuns();
    changeSeed('b', 2, ({ outcome }) => ({
      outcome: { ...outcome, data: [{ ...outcome.data[0]!, sha256: 'c'.repeat(64) }] },
    }));
    await expect(merge(seed('a', 2), seed('b', 2))).rejects.toThrow(
      /^data set made-up differs: sha256 a{64} in seed 2 of .*a.*2\.json, c{64} in seed 2 of .*b.*2\.json/,
    );
  });

  it('does not put a kept seed in the place of what a result says', async () => {
    copyRuns();
    changeResult('a', ({ arms }) => ({ arms: { ...arms, control: { ...arms.control, score: [1, 2] } } }));
    await expect(merge(file('a'))).rejects.toThrow(/^seed 1 has other numbers in .*tiny\.json than in .*1\.json/);
    copyRuns();
    writeFileSync(seed('a', 1), readFileSync(seed('a', 2)));
    await expect(merge(file('a'))).rejects.toThrow(/cannot be drawn from .*a.tiny\.json alone/);
  });

  it('names a file that is damaged, and writes nothing', async () => {
    copyRuns();
    const refused = async (files: string[], message: RegExp) => {
      const { code, stdout, stderr } = await runPapers(folder(), ['merge', ...files, '--json', 'all.json']);
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(message) });
    };
    writeFileSync(seed('b', 3), readFileSync(seed('b', 3), 'utf8').replace(/"score":\d/, '"score":1'));
    await Promise.all([
      refused([file('a'), 'none.json'], /^papers: .*none\.json: cannot be read/),
      refused([file('a'), file('b')], /^papers: .*b\S*3\.json: was damaged after it was written/),
    ]);
    expect(existsSync(join(folder(), 'all.json'))).toBe(false);
    await expect(merge(join(dirname(papers), 'papers', 'tiny', 'paper.json'))).rejects.toThrow(
      /paper\.json: field schema/,
    );
  });
});
