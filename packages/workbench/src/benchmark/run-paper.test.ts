import { expect, it } from '@jest/globals';
import { outcome } from '../../test/make-benchmark.js';
import { assertOneEngine } from './run-paper.js';
import type { SeedFile } from './seed-file.js';

const seedOn = (seed: number, version: string): SeedFile => ({
  key: { paper: 'made-up', preset: 'quick', source: 'hash', config: {}, engine: { name: 'cpu', version, threads: 1 } },
  seed,
  outcome: outcome(1),
  startedAt: 0,
  endedAt: 1,
  peakRssBytes: 1,
  commit: null,
  surroundings: {},
});

it('refuses seeds of which one ran on another engine', () => {
  assertOneEngine([]);
  assertOneEngine([seedOn(1, '1'), seedOn(2, '1')]);
  expect(() => assertOneEngine([seedOn(1, '1'), seedOn(2, '1'), seedOn(3, '2')])).toThrow(
    /^seeds 1 and 3 ran on different engines: .*"version":"1".* and .*"version":"2".*--resume runs those/,
  );
});
