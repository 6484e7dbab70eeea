import { describe, expect, it } from '@jest/globals';
import { useEngine } from '@tensor-papers/engine';
import { figureSchema, judge, type SeedOutcome } from '@tensor-papers/workbench';
import * as tf from '@tensorflow/tfjs';
import paper from '../paper.json' with { type: 'json' };
import { arms } from './arms.js';
import benchmark from './benchmark.js';
import { smoke, standard } from './presets.js';
import { evaluateLogits } from './run-seed.js';

async function runSmoke(seed: number, progress: (fraction: number, arm: string) => void = () => {}) {
  const engine = await useEngine({ log: () => {} });
  const { signal } = new AbortController();
  return benchmark.runSeed({ seed, config: smoke, preset: 'smoke', engine, signal, log: () => {}, progress });
}

const valuesOf = ({ arms }: SeedOutcome) =>
  Object.fromEntries(
    Object.entries(arms).map(([arm, metrics]) => [
      arm,
      Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [metric, [value]])),
    ]),
  );

describe('the smoke preset', () => {
  it('measures every arm, serves every claim, draws every figure, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const fractions: number[] = [];
    const outcome = await runSmoke(1, (fraction) => void fractions.push(fraction));
    expect(tf.memory().numTensors).toBe(before);
    expect(fractions.at(-1)).toBe(1);
    expect(Object.keys(outcome.arms)).toEqual(Object.keys(arms));
    for (const metrics of Object.values(outcome.arms)) {
      for (const value of Object.values(metrics)) expect(Number.isFinite(value)).toBe(true);
    }
    const values = valuesOf(outcome);
    for (const claim of paper.claims) {
      const { effect } = judge(claim as Parameters<typeof judge>[0], values, { seeds: [1], preset: 'smoke' });
      expect([claim.id, effect === null]).toEqual([claim.id, false]);
    }
    const seeds = [{ seed: 1, outcome }];
    const figures = benchmark.figures({ seeds, arms: values, config: smoke, preset: 'smoke', claims: [] });
    expect(figures.length).toBeGreaterThan(0);
    for (const figure of figures) expect(figureSchema.safeParse(figure).error).toBeUndefined();
  });

  it('gives the same numbers for the same seed, others for another', async () => {
    const [first, again, other] = [await runSmoke(2), await runSmoke(2), await runSmoke(3)];
    expect(again.arms).toEqual(first.arms);
    expect(other.arms).not.toEqual(first.arms);
  });
});

it('the standard preset has the arms of every claim', () => {
  for (const { compare } of paper.claims) expect(standard.arms).toEqual(expect.arrayContaining(compare));
});

it('accuracy and confidence are percentages of the test images', () => {
  const logits = Float32Array.of(Math.log(3), 0, 0, 0);
  const { 'test-accuracy': accuracy, 'test-confidence': confidence } = evaluateLogits(logits, Int32Array.of(0, 1), 2);
  expect(accuracy).toBe(50);
  expect(confidence).toBeCloseTo((75 + 50) / 2, 4);
});
