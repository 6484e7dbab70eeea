import { describe, expect, it } from '@jest/globals';
import { useEngine } from '@tensor-papers/engine';
import { softmaxRows } from '@tensor-papers/numerics/metrics';
import { figureSchema, judge, type SeedOutcome } from '@tensor-papers/workbench';
import * as tf from '@tensorflow/tfjs';
import paper from '../paper.json' with { type: 'json' };
import { armsOf } from './arms.js';
import benchmark from './benchmark.js';

import { ensembleLogits, evaluateLogits } from './evaluate.js';
import { smoke } from './presets.js';

async function runSmoke(seed: number, log = (_line: string) => {}): Promise<SeedOutcome> {
  const engine = await useEngine({ log: () => {} });
  const nothing = () => {};
  const { signal } = new AbortController();
  return benchmark.runSeed({ seed, config: smoke, preset: 'smoke', engine, signal, log, progress: nothing });
}

describe('the smoke preset', () => {
  it('measures every arm, serves every claim, draws every figure, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const lines: string[] = [];
    const outcome = await runSmoke(1, (line) => lines.push(line));
    expect(tf.memory().numTensors).toBe(before);
    expect(Object.keys(outcome.arms).sort()).toEqual(Object.keys(armsOf([smoke])).sort());
    for (const metrics of Object.values(outcome.arms)) {
      expect(metrics['test-accuracy']).toBeGreaterThanOrEqual(0);
      for (const value of Object.values(metrics)) expect(Number.isFinite(value)).toBe(true);
    }
    const values = Object.fromEntries(
      Object.entries(outcome.arms).map(([arm, metrics]) => [
        arm,
        Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [metric, [value]])),
      ]),
    );
    const repeated = new Set(paper.claims.flatMap((claim) => ('repeats' in claim ? [claim.id] : [])));
    for (const claim of paper.claims.filter(({ id }) => !repeated.has(id))) {
      const { effect } = judge(claim as Parameters<typeof judge>[0], values, { seeds: [1], preset: 'smoke' });
      expect(effect).not.toBeNull();
    }
    const figures = benchmark.figures({
      seeds: [{ seed: 1, outcome }],
      arms: values,
      config: smoke,
      preset: 'smoke',
      claims: [],
    });
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
    for (const figure of figures) expect(figureSchema.safeParse(figure).error).toBeUndefined();
    // Two epochs teach nobody: every student without labels is noted, and one line tells of all.
    expect(outcome.notes).toHaveLength(8);
    expect(lines).toEqual([expect.stringMatching(/: 8 \(\d+\.\d … \d+\.\d %\); smoke's teachers are too small /)]);
  });

  it('gives the same numbers for the same seed, others for another', async () => {
    const [first, again, other] = [await runSmoke(2), await runSmoke(2), await runSmoke(3)];
    expect(again.arms).toEqual(first.arms);
    expect(other.arms).not.toEqual(first.arms);
  });
});

describe('evaluation', () => {
  it('averages probabilities, not logits', () => {
    const [a, b] = [Float32Array.of(4, 0, 0), Float32Array.of(0, 1, 0)];
    const [p, q] = [softmaxRows(a, 3), softmaxRows(b, 3)];
    const mean = softmaxRows(ensembleLogits([a, b], 3), 3);
    mean.forEach((value, i) => {
      expect(value).toBeCloseTo((p[i]! + q[i]!) / 2, 6);
    });
  });

  it('reports percentages, and agreement with the teacher only where there is one', () => {
    const logits = Float32Array.of(2, 0, 0, 2, 3, 0);
    const labels = Int32Array.of(0, 1, 1);
    expect(evaluateLogits(logits, labels, 2)).toMatchObject({ 'test-accuracy': expect.closeTo(66.667, 2) });
    expect(evaluateLogits(logits, labels, 2)).not.toHaveProperty('teacher-agreement');
    expect(evaluateLogits(logits, labels, 2, logits)['teacher-agreement']).toBe(100);
  });
});
