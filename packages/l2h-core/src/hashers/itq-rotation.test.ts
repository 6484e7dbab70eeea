import { expect, it } from '@jest/globals';
import { createMatrix, plainOperations } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { randomRotation } from '../vectors/rotations.js';
import { itqStep, learnRotation, squaresOf } from './itq-rotation.js';
import type { Matrix64 } from './rows.js';

const projected = (n: number, bits: number, seed: number): Matrix64 => {
  const rng = createRng(seed);
  return createMatrix(
    Float64Array.from({ length: n * bits }, (_, at) => rng.normal() / (1 + (at % bits))),
    n,
  );
};

const held = (v: Matrix64) => plainOperations().holdRows(v, new Float64Array(v.columns));

/** The largest entry of |RᵀR − I|. */
function offOrthogonal({ rows: d, values }: Matrix64): number {
  let worst = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let sum = i === j ? -1 : 0;
      for (let k = 0; k < d; k++) sum += values[k * d + i]! * values[k * d + j]!;
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

/** ‖B − V·R‖² for B = sgn(V·codesOf), by loops. */
function distance(v: Matrix64, codesOf: Matrix64, r: Matrix64): number {
  const d = v.columns;
  const entry = (i: number, j: number, { values }: Matrix64) => {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += v.values[i * d + k]! * values[k * d + j]!;
    return sum;
  };
  let total = 0;
  for (let i = 0; i < v.rows; i++) {
    for (let j = 0; j < d; j++) total += ((entry(i, j, codesOf) >= 0 ? 1 : -1) - entry(i, j, r)) ** 2;
  }
  return total;
}

it.each([
  [40, 2, 1],
  [40, 5, 2],
  [100, 8, 3],
  [3, 6, 4],
])('keeps R orthogonal and lets no half step raise ‖B − V·R‖²: %p rows, %p bits', async (n, bits, seed) => {
  const v = projected(n, bits, seed);
  let rotation = await randomRotation(bits, createRng(seed).stream('r'));
  expect(offOrthogonal(rotation)).toBeLessThan(1e-12);
  let before = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 12; i++) {
    const next = await itqStep(held(v), squaresOf(v), rotation);
    expect(next.afterCodes).toBeCloseTo(distance(v, rotation, rotation), 8);
    expect(next.afterRotation).toBeCloseTo(distance(v, rotation, next.rotation), 8);
    expect(next.afterCodes).toBeLessThanOrEqual(before + 1e-9);
    expect(next.afterRotation).toBeLessThanOrEqual(next.afterCodes + 1e-9);
    expect(offOrthogonal(next.rotation)).toBeLessThan(1e-10);
    before = next.afterRotation;
    rotation = next.rotation;
  }
});

it('draws rotations and reflections of every direction', async () => {
  const corners = await Promise.all(
    Array.from({ length: 200 }, async (_, seed) => (await randomRotation(2, createRng(seed))).values),
  );
  const determinants = corners.map((corner) => Math.round(corner[0]! * corner[3]! - corner[1]! * corner[2]!));
  for (const sign of [-1, 1]) {
    const share = determinants.filter((value) => value === sign).length / 200;
    expect(Math.abs(share - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 200));
  }
  // cos² of a uniform angle has mean ½ and variance ⅛.
  const mean = corners.reduce((sum, corner) => sum + corner[0]! ** 2, 0) / 200;
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(0.125 / 200));
});

it('reports the objective of every iteration and goes on from each to the next', async () => {
  const v = projected(50, 4, 5);
  const rng = createRng(5);
  const heard: unknown[] = [];
  const step = async (...args: unknown[]) => void heard.push(args);
  const { rotation, objective } = await learnRotation(v, 3, { rng, operations: plainOperations(), step } as never);
  let expected = await randomRotation(4, rng.stream('rotation'));
  for (let i = 0; i < 3; i++) {
    const next = await itqStep(held(v), squaresOf(v), expected);
    expected = next.rotation;
    expect(objective[i]).toBe(next.afterRotation);
    expect(heard[i]).toEqual([(i + 1) / 3, next.afterRotation]);
  }
  expect(rotation).toEqual(expected);
});
