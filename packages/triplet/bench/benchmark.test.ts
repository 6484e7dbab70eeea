import { describe, expect, it } from '@jest/globals';
import { useEngine } from '@tensor-papers/engine';
import { figureSchema, judge, type SeedOutcome } from '@tensor-papers/workbench';
import * as tf from '@tensorflow/tfjs';
import paper from '../paper.json' with { type: 'json' };
import { armsOf } from './arms.js';
import benchmark from './benchmark.js';
import type { TripletConfig } from './config.js';
import { smoke, standard } from './presets.js';

type Progress = (fraction: number, arm: string) => void;

async function run(seed: number, config: TripletConfig, progress: Progress = () => {}): Promise<SeedOutcome> {
  const engine = await useEngine({ log: () => {} });
  const { signal } = new AbortController();
  return benchmark.runSeed({ seed, config, preset: 'smoke', engine, signal, log: () => {}, progress });
}

const valuesOf = ({ arms }: SeedOutcome) =>
  Object.fromEntries(
    Object.entries(arms).map(([arm, metrics]) => [
      arm,
      Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [metric, [value]])),
    ]),
  );

describe('the smoke preset', () => {
  let first: Promise<SeedOutcome>;

  it('measures every arm, serves every claim, draws every figure, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const fractions: number[] = [];
    first = run(1, smoke, (fraction) => void fractions.push(fraction));
    const outcome = await first;
    expect(tf.memory().numTensors).toBe(before);
    expect(fractions.at(-1)).toBeCloseTo(1, 9);
    expect(Object.keys(outcome.arms).sort()).toEqual(Object.keys(armsOf([smoke])).sort());
    for (const [arm, { r1, r8 }] of Object.entries(outcome.arms)) {
      if (r1 !== undefined) expect([arm, r1! >= 0, r8! >= r1!, r8! <= 100]).toEqual([arm, true, true, true]);
    }
    expect(outcome.notes).toContain('classes: 4 train, 2 choose the learning rate, 4 test');
    expect(outcome.notes).toContainEqual(
      expect.stringMatching(/^sct: learning rate 0.\d+ chosen on validation classes, R@1 .* % at 0.03, .* % at 0.1$/),
    );
    const values = valuesOf(outcome);
    for (const claim of paper.claims) {
      const { effect } = judge(claim as Parameters<typeof judge>[0], values, { seeds: [1], preset: 'smoke' });
      expect([claim.id, effect === null]).toEqual([claim.id, false]);
    }
    const context = { seeds: [{ seed: 1, outcome }], arms: values, config: smoke, claims: [] };
    for (const preset of ['smoke', 'study'] as const) {
      const figures = benchmark.figures({ ...context, preset });
      expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
      for (const figure of figures) expect(figureSchema.safeParse(figure).error).toBeUndefined();
    }
  });

  it('gives the same numbers for the same seed, others for another', async () => {
    const few: TripletConfig = { parts: [{ ...smoke.parts[0]!, trained: ['sct'] }] };
    const { arms } = await first;
    const again = (await run(1, few)).arms;
    expect(again).toEqual(Object.fromEntries(Object.keys(again).map((arm) => [arm, arms[arm]])));
    expect((await run(2, few)).arms.sct).not.toEqual(again.sct);
  });
});

it('an arm that diverges at every learning rate is told of, and the others are measured', async () => {
  const before = tf.memory().numTensors;
  const part = { ...smoke.parts[0]!, trained: ['sct-free', 'shn'], learningRates: [1e30, 1e31] } as const;
  const config: TripletConfig = {
    parts: [
      { ...part, learningRates: [1e30, 1e31] },
      { ...smoke.parts[0]!, prefix: 'x/' },
    ],
  };
  const outcome = await run(1, config);
  expect(tf.memory().numTensors).toBe(before);
  expect(outcome.notes).toContain('sct-free: diverges at every learning rate');
  expect([outcome.arms['sct-free'], outcome.arms['x/sct']]).toEqual([
    {},
    expect.objectContaining({ r1: expect.any(Number) }),
  ]);
  const context = { seeds: [{ seed: 1, outcome }], arms: valuesOf(outcome), config, claims: [] };
  for (const figure of benchmark.figures({ ...context, preset: 'study' })) {
    expect(figureSchema.safeParse(figure).error).toBeUndefined();
  }
});

it('the standard preset has the arms of every claim', () => {
  const arms = Object.keys(armsOf([standard]));
  for (const { compare } of paper.claims) expect(arms).toEqual(expect.arrayContaining(compare));
});

it('the shares of the hard region are those of the equations', async () => {
  const { arms } = await run(1, { parts: [] });
  const share = (arm: string, metric = 'dragged-share') => arms[arm]![metric]!;
  expect(share('field/nca@0')).toBe(0);
  expect(Math.abs(share('field/nca@0.5') - 12)).toBeLessThan(0.2);
  expect(Math.abs(share('field/nca@1') - 23.1)).toBeLessThan(0.2);
  expect(Math.abs(share('field/nca@0.5', 'dragged-share-step') - 9.6)).toBeLessThan(0.2);
  expect(Math.abs(share('field/nca@1', 'dragged-share-step') - 19.7)).toBeLessThan(0.2);
  for (const p of [0, 0.5, 1]) expect(share(`field/sct@${p}`)).toBe(0);
});
