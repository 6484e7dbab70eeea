import { describe, expect, it } from '@jest/globals';
import { useEngine } from '@tensor-papers/engine';
import { figureSchema, judge, type SeedOutcome } from '@tensor-papers/workbench';
import * as tf from '@tensorflow/tfjs';
import paper from '../paper.json' with { type: 'json' };
import { armsOf } from './arms.js';
import benchmark from './benchmark.js';
import type { TriNetConfig } from './config.js';
import { GalleryCollector } from './gallery.js';
import { smoke } from './presets.js';
import { roundsOf } from './run-part.js';

type Progress = (fraction: number, arm: string) => void;

async function run(seed: number, config: TriNetConfig, progress: Progress = () => {}): Promise<SeedOutcome> {
  const engine = await useEngine({ log: () => {} });
  const { signal } = new AbortController();
  return benchmark.runSeed({ seed, config, preset: 'smoke', engine, signal, log: () => {}, progress });
}

describe('the smoke preset', () => {
  let first: Promise<SeedOutcome>;

  it('measures every arm, serves every claim, draws every figure, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const fractions: number[] = [];
    first = run(1, smoke, (fraction) => void fractions.push(fraction));
    const outcome = await first;
    expect(tf.memory().numTensors).toBe(before);
    expect(fractions).toHaveLength(roundsOf(smoke.parts[0]!));
    expect(fractions.at(-1)).toBe(1);
    expect(Object.keys(outcome.arms).sort()).toEqual(Object.keys(armsOf([smoke])).sort());
    for (const metrics of Object.values(outcome.arms)) {
      for (const value of Object.values(metrics)) if (value !== null) expect(value).toBeGreaterThanOrEqual(0);
    }
    expect(outcome.notes).toEqual([
      expect.stringMatching(/^trinet: σ_0 = 0.12?, σ_os = 0, std = 0.0[15] chosen on validation images/),
    ]);
    const values = Object.fromEntries(
      Object.entries(outcome.arms).map(([arm, metrics]) => [
        arm,
        Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [metric, [value]])),
      ]),
    );
    for (const claim of paper.claims.filter((each) => !('repeats' in each))) {
      const { effect } = judge(claim as Parameters<typeof judge>[0], values, { seeds: [1], preset: 'smoke' });
      expect(effect).not.toBeNull();
    }
    const context = { seeds: [{ seed: 1, outcome }], arms: values, config: smoke, claims: [] };
    for (const preset of ['smoke', 'study'] as const) {
      const figures = benchmark.figures({ ...context, preset });
      expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
      for (const figure of figures) expect(figureSchema.safeParse(figure).error).toBeUndefined();
    }
  });

  it('gives the same numbers for the same seed, others for another', async () => {
    const few: TriNetConfig = { parts: [{ ...smoke.parts[0]!, trained: ['trinet', 'oracle'] }] };
    const { arms } = await first;
    const again = (await run(1, few)).arms;
    expect(again).toEqual(Object.fromEntries(Object.keys(again).map((arm) => [arm, arms[arm]])));
    expect((await run(2, few)).arms).not.toEqual(again);
  });
});

describe('the gallery', () => {
  it('holds the surest pseudo-labels of each kind, each image once', () => {
    const collector = new GalleryCollector(Int32Array.of(0, 1, 0, 1));
    const labels = (indices: number[], classes: number[], confidence: number[]) => ({
      indices: Int32Array.from(indices),
      labels: Int32Array.from(classes),
      confidence: Float32Array.from(confidence),
      mismatches: new Int32Array(indices.length).fill(1),
      predictions: Int32Array.from(classes.flatMap((each) => [each, 1 - each])),
    });
    collector.add({ round: 1, head: 1, kept: labels([0], [1], [0.9]), removed: labels([1, 2], [1, 1], [0.5, 0.6]) });
    collector.add({ round: 2, head: 3, kept: labels([3], [1], [0.9]), removed: labels([2], [1], [0.8]) });
    const unlabeled = {
      ...{ length: 4, shape: [1, 1, 1] as const, classNames: ['no', 'yes'], ids: ['a', 'b', 'c', 'd'] },
      labels: new Int32Array(4).fill(-1),
      images: (indices: ArrayLike<number>) => new Uint8Array(indices.length),
      source: { id: 'dots', sha256: '', licence: '', citation: '' },
    };
    expect(
      collector.items(unlabeled).map(({ group, title, note, bars }) => [group, title, note, bars[0]!.values]),
    ).toEqual([
      [
        'Edited away, rightly: the pseudo-label was wrong',
        'yes (true: no)',
        'c: round 2, for head 3, confidence 0.800, 1 of 2 passes differ',
        [0.5, 0.5],
      ],
      [
        'Edited away, wrongly: the pseudo-label was right',
        'yes (true: yes)',
        'b: round 1, for head 1, confidence 0.500, 1 of 2 passes differ',
        [0.5, 0.5],
      ],
      [
        'Kept, though wrong',
        'yes (true: no)',
        'a: round 1, for head 1, confidence 0.900, 1 of 2 passes differ',
        [0.5, 0.5],
      ],
    ]);
  });
});
