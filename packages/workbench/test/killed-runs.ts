import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import { parseSeed } from '../src/benchmark/seed-file.js';
import { readJsonFile, readResult } from '../src/result/files.js';
import { type Ended, runPapers } from './papers-command.js';

const out = (folder: string) => join(folder, '.results', 'standard');
const killAt = fileURLToPath(new URL('./kill-at.mjs', import.meta.url));

export const standard = ['run', 'tiny', '--preset', 'standard'];
export const resultFile = (folder: string) => join(out(folder), 'tiny.json');
export const seedsOf = (folder: string) => join(out(folder), '.seeds', 'tiny');

/** Runs until the change that pattern and times name (see kill-at.mjs); code null if it came to that. */
export const runKilledAt = (folder: string, pattern: string, times = 1): Promise<Ended> =>
  runPapers(
    folder,
    [...standard, '--resume'],
    { KILL_AT: pattern, KILL_TIMES: String(times) },
    { flags: ['--import', killAt] },
  );

/** A result without what differs from run to run, and without the commit, which can move meanwhile. */
export function numbersOf(file: string) {
  const { wallSeconds, peakRssBytes, source, ...numbers } = readResult(file);
  expect([wallSeconds > 0, peakRssBytes > 0]).toEqual([true, true]);
  return { ...numbers, hash: source.hash };
}

/** Fails unless every file that has its final name is whole. */
export function expectWholeFiles(folder: string): void {
  if (existsSync(resultFile(folder))) readResult(resultFile(folder));
  for (const name of existsSync(seedsOf(folder)) ? readdirSync(seedsOf(folder)) : []) {
    if (name.startsWith('.')) continue;
    const path = join(seedsOf(folder), name);
    expect(`${parseSeed(path, readJsonFile(path)).seed}.json`).toBe(name);
  }
}

/** Seeds that a run started, from its lines. */
export const started = (stderr: string) =>
  [...stderr.matchAll(/^seed (\d+): starts/gm)].map(([, seed]) => Number(seed)).sort();

/** Fails unless a folder has a result with these numbers, its seeds, and nothing else. */
export function expectFinished(folder: string, numbers: ReturnType<typeof numbersOf>): void {
  expect(numbersOf(resultFile(folder))).toEqual(numbers);
  const found = readdirSync(out(folder), { recursive: true }).map(String).sort();
  const kept = [1, 2, 3].map((seed) => join('.seeds', 'tiny', `${seed}.json`));
  expect(found).toEqual(['.seeds', join('.seeds', 'tiny'), ...kept, 'tiny.json']);
}

/** Resumes what is in a folder. Fails unless just the seeds that are missing run, and it is finished then. */
export async function expectResumes(folder: string, numbers: ReturnType<typeof numbersOf>): Promise<void> {
  expectWholeFiles(folder);
  const missing = [1, 2, 3].filter((seed) => !existsSync(join(seedsOf(folder), `${seed}.json`)));
  const { code, stderr } = await runPapers(folder, [...standard, '--resume']);
  expect({ code, started: started(stderr) }).toEqual({ code: 0, started: missing });
  expectFinished(folder, numbers);
}
