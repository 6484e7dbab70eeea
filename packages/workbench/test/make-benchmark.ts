import { type AnyBenchmark, defineBenchmark } from '../src/benchmark/define.js';
import type { SeedOutcome } from '../src/benchmark/outcome.js';
import type { RunDescription } from '../src/result/merge.js';

/** A benchmark of two arms whose only figure is a bar per seed. */
export function makeBenchmark(changes: Partial<AnyBenchmark> = {}): AnyBenchmark {
  return defineBenchmark<unknown>({
    paper: 'made-up',
    arms: { old: 'the usual', new: 'the new' },
    presets: { standard: { seeds: 2, config: { epochs: 1 } } },
    data: () => ['set'],
    runSeed: async ({ seed }) => outcome(seed),
    figures: ({ seeds }) => [
      {
        kind: 'bars',
        id: 'seeds',
        title: 'Seeds',
        caption: '',
        alt: 'Bars.',
        unit: '',
        bars: seeds.map(({ seed }) => ({ label: String(seed), value: seed })),
      },
    ],
    ...changes,
  });
}

/** What a seed measured. */
export function outcome(score: number, changes: Partial<SeedOutcome> = {}): SeedOutcome {
  return {
    arms: { new: { score: score + 1 }, old: { score } },
    data: [{ id: 'set', sha256: 'a'.repeat(64) }],
    ...changes,
  };
}

/** A run of `makeBenchmark`. */
export function makeRun(changes: Partial<RunDescription> = {}): RunDescription {
  return {
    preset: 'standard',
    config: { epochs: 1 },
    engine: { name: 'cpu', version: '1.2.3', threads: 1 },
    claims: [],
    source: { hash: 'h', commit: null },
    command: 'papers run made-up',
    wallSeconds: 1.5,
    peakRssBytes: 1000,
    partial: false,
    surroundings: {},
    ...changes,
  };
}
