/** @jest-environment @tensor-papers/engine/jest-environment */
import { describe, expect, it } from '@jest/globals';
import { useEngine } from '@tensor-papers/engine';
import { plainOperations } from '@tensor-papers/numerics/linalg';
import { claimSchema, figureSchema, judge, type SeedOutcome } from '@tensor-papers/workbench';
import * as tf from '@tensorflow/tfjs';
import paper from '../paper.json' with { type: 'json' };
import { clusteredVectors } from '../test/vectors.js';
import { armsOf } from './arms.js';
import benchmark from './benchmark.js';
import { smoke } from './config.js';
import { studyArms } from './study/arms.js';
import type { StudyConfig } from './study/config.js';
import { neighborRecall, trueNeighbors } from './true-neighbors.js';

async function runSmoke(seed: number): Promise<SeedOutcome> {
  const engine = await useEngine({ log: () => {} });
  const nothing = () => {};
  const { signal } = new AbortController();
  return benchmark.runSeed({ seed, config: smoke, preset: 'smoke', engine, signal, log: nothing, progress: nothing });
}

describe('the smoke preset', () => {
  it('measures every arm, serves every claim, draws every figure, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const outcome = await runSmoke(1);
    expect(tf.memory().numTensors).toBe(before);
    expect(Object.keys(outcome.arms).sort()).toEqual(Object.keys(armsOf([smoke])).sort());
    const values = Object.fromEntries(
      Object.entries(outcome.arms).map(([arm, metrics]) => [
        arm,
        Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [metric, [value]])),
      ]),
    );
    for (const claim of paper.claims) {
      const { effect, reason } = judge(claimSchema.parse(claim), values, { seeds: [1], preset: 'smoke' });
      expect({ claim: claim.id, effect, reason }).toEqual({
        claim: claim.id,
        effect: expect.any(Number),
        reason: expect.anything(),
      });
    }
    expect(outcome.arms['search/mih']!['found-checksum']).toBe(outcome.arms['search/flat']!['found-checksum']);
    const figures = benchmark.figures({
      seeds: [{ seed: 1, outcome }],
      arms: values,
      config: smoke,
      preset: 'smoke',
      claims: [],
    });
    for (const figure of figures)
      expect({ id: figure.id, error: figureSchema.safeParse(figure).error }).toEqual({ id: figure.id });
  });
});

describe('true neighbours', () => {
  it('are those of plain loops, and their recall counts', async () => {
    const database = clusteredVectors(70, 5, 1);
    const queries = clusteredVectors(6, 5, 2);
    const found = await trueNeighbors(queries, database, 12, plainOperations());
    const wanted = Array.from({ length: 6 }, (_, q) =>
      Array.from({ length: 70 }, (__, i) => {
        let sum = 0;
        for (let j = 0; j < 5; j++) sum += (queries.values[q * 5 + j]! - database.values[i * 5 + j]!) ** 2;
        return { i, sum };
      })
        .sort((a, b) => a.sum - b.sum)
        .slice(0, 12)
        .map(({ i }) => i),
    );
    expect(found.map((row) => Array.from(row))).toEqual(wanted);
    expect(neighborRecall(found, found)).toEqual({ 'r1@1': 100, 'r1@10': 100, 'r1@100': 100, '10-recall@10': 100 });
    const shifted = found.map((row) => [...row.slice(5), ...row.slice(0, 5)]);
    expect(neighborRecall(shifted, found)).toEqual({ 'r1@1': 0, 'r1@10': 100, 'r1@100': 100, '10-recall@10': 80 });
  });
});

describe('the study preset', () => {
  it('measures every arm and draws every figure', async () => {
    const config: StudyConfig = {
      ...{ sizes: [100, 2000], recipes: ['learned', 'random'], neighbors: [1, 10], queries: 3, bits: 8 },
      ...{ labelled: [50, 100], comparison: smoke },
    };
    const engine = await useEngine({ log: () => {} });
    const nothing = () => {};
    const context = { config, preset: 'study', engine, log: nothing, progress: nothing } as const;
    const { signal } = new AbortController();
    const before = tf.memory().numTensors;
    const outcome = await benchmark.runSeed({ ...context, seed: 1, signal });
    expect(tf.memory().numTensors).toBe(before);
    expect(Object.keys(outcome.arms).sort()).toEqual(Object.keys(studyArms(config)).sort());
    expect(outcome.arms['search/random/n2000/k10']).toMatchObject({ 'speed-up': expect.any(Number) });
    const arms = Object.fromEntries(
      Object.entries(outcome.arms).map(([arm, metrics]) => [
        arm,
        Object.fromEntries(Object.entries(metrics).map(([metric, value]) => [metric, [value]])),
      ]),
    );
    const drawn = benchmark.figures({ ...context, claims: [], arms, seeds: [{ seed: 1, outcome }] });
    expect(drawn.map(({ id }) => id)).toEqual(['mih-speed-up', 'search-times', 'map-by-labels']);
    for (const figure of drawn) expect(figureSchema.parse(figure)).toEqual(figure);
  });
});
