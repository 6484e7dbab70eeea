import { describe, expect, it } from '@jest/globals';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { clusteredVectors } from '../../test/vectors.js';
import { Bre } from './bre.js';
import { bitQuadratic, breObjective, halfSquares, inside, weightSteps } from './bre-search.js';
import { signsOf } from './rows.js';

function problem(seed: number) {
  const rng = createRng(seed);
  const [n, t, bits] = [9, 3, 3];
  const normals = (length: number) => Float64Array.from({ length }, () => rng.normal());
  const x = normals(n * 4);
  // Two equal rows, a kernel value of 0, kernel values of both signs.
  x.copyWithin(4, 0, 4);
  const kernels = Array.from({ length: t }, () => normals(n));
  for (const kernel of kernels) kernel[1] = kernel[0]!;
  kernels[0]![3] = 0;
  const weights = Array.from({ length: bits }, () => normals(t));
  const projections = (bit: number) =>
    Float64Array.from({ length: n }, (_, i) =>
      weights[bit]!.reduce((sum, weight, a) => sum + weight * kernels[a]![i]!, 0),
    );
  const codes = () => Array.from({ length: bits }, (_, bit) => signsOf(projections(bit)));
  return { halves: halfSquares(createMatrix(x, n)), kernels, weights, projections, codes };
}

describe.each([1, 2, 3, 4, 5])('one weight, problem %p', (seed) => {
  it.each([0, 1, 2])('knows the objective everywhere on a fine grid, anchor %p', (anchor) => {
    const { halves, kernels, weights, projections, codes } = problem(seed);
    const bit = seed % 3;
    const weight = weights[bit]![anchor]!;
    const steps = weightSteps(bitQuadratic(halves, codes(), bit), kernels[anchor]!, projections(bit), weight);
    expect(steps.breakPoints.length).toBe(anchor === 0 ? 8 : 9);
    expect(steps.objectives.length).toBe(steps.breakPoints.length + 1);
    const reach = 2 * Math.max(...steps.breakPoints.map(Math.abs));
    let [least, worst] = [Number.POSITIVE_INFINITY, 0];
    for (let at = -reach; at <= reach; at += reach / 300) {
      weights[bit]![anchor] = at;
      const value = breObjective(halves, codes());
      const interval = steps.breakPoints.filter((point) => point < at).length;
      const isClear = steps.breakPoints.every((point) => Math.abs(point - at) > 1e-9);
      if (isClear) worst = Math.max(worst, Math.abs(steps.objectives[interval]! - value));
      least = Math.min(least, value);
    }
    expect(worst).toBeLessThan(1e-9);
    expect(steps.objectives[steps.best]).toBeLessThanOrEqual(least + 1e-9);
    weights[bit]![anchor] = inside(steps.low, steps.high);
    expect(breObjective(halves, codes())).toBeCloseTo(steps.objectives[steps.best]!, 9);
  });
});

it('picks numbers inside intervals', () => {
  const far = Number.POSITIVE_INFINITY;
  for (const [low, high] of [
    [1, 3],
    [-far, -1e9],
    [-far, 2],
    [5, far],
    [-1e9, far],
    [-far, far],
  ] as const) {
    expect(inside(low, high)).toBeGreaterThan(low);
    expect(inside(low, high)).toBeLessThan(high);
  }
});

it('never raises the objective, and ends well below its start', async () => {
  const vectors = clusteredVectors(60, 6, 3);
  const values: number[] = [];
  const hasher = new Bre({ bits: 8, anchors: 12, iterations: 4 });
  const { objective } = await hasher.fit(vectors, { progress: (_, value) => values.push(value!) });
  const present = values.filter(Number.isFinite);
  expect(present.length).toBeGreaterThanOrEqual(8);
  for (let i = 1; i < present.length; i++) expect(present[i]).toBeLessThanOrEqual(present[i - 1]! + 1e-9);
  expect(present.at(-1)).toBeLessThan(0.9 * present[0]!);
  // What is reported is the objective of the codes of the training vectors.
  const units = Float64Array.from(vectors.values);
  for (let i = 0; i < 60; i++) {
    const row = units.subarray(i * 6, (i + 1) * 6);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value ** 2, 0));
    row.forEach((value, j) => {
      row[j] = value / length;
    });
  }
  const projected = Float64Array.from(await hasher.project(vectors));
  const codes = Array.from({ length: 8 }, (_, bit) => signsOf(projected.filter((_, at) => at % 8 === bit)));
  expect(breObjective(halfSquares(createMatrix(units, 60)), codes)).toBeCloseTo(objective.at(-1)!, 3);
});
