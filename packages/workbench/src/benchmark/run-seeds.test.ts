import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { runSeeds, type SeedsOptions } from './run-seeds.js';

const papers = fileURLToPath(new URL('../../fixtures/papers', import.meta.url));

afterEach(() => {
  for (const seed of [1, 2]) delete process.env[`TINY_SEED_${seed}`];
});

function run(changes: Partial<SeedsOptions>) {
  const lines: string[] = [];
  const finished: number[] = [];
  const ended = runSeeds({
    job: { papers, paper: 'tiny', preset: 'smoke', config: { points: 1 }, engine: 'cpu' },
    seeds: [1, 2],
    jobs: 1,
    stop: new AbortController().signal,
    kill: new AbortController().signal,
    listen: (seed) => ({
      log: (line) => lines.push(`${seed}: ${line}`),
      progress: () => lines.push(`${seed} is on its way`),
    }),
    finished: (seed) => finished.push(seed),
    ...changes,
  });
  return { ended, lines, finished };
}

it('runs no more seeds side by side than it may, and starts none after a failure', async () => {
  process.env.TINY_SEED_1 = 'crash';
  const { ended, lines, finished } = run({});
  await expect(ended).rejects.toThrow(/^seed 1: Error: the seed broke/);
  expect(finished).toEqual([]);
  expect(lines.filter((line) => line.startsWith('2'))).toEqual([]);
});

it('ends a seed that was told to stop and does not', async () => {
  process.env.TINY_SEED_1 = 'deaf';
  const stop = new AbortController();
  const { ended, finished } = run({
    stop: stop.signal,
    graceMilliseconds: 100,
    listen: () => ({ progress: () => stop.abort() }),
  });
  await ended;
  expect([stop.signal.aborted, finished]).toEqual([true, []]);
});
