import { expect, it } from '@jest/globals';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { TrainingDataError } from '../errors.js';
import type { Matrix64 } from './rows.js';
import { bitTargets, classSums, descendBits, ridgeRegression, sdhObjective, updateBit } from './sdh-codes.js';

const weights = { lambda: 0.7, nu: 0.3 };

function problem(seed: number) {
  const rng = createRng(seed);
  const [n, bits, count] = [15, 5, 3];
  const gaussian = (rows: number, columns: number): Matrix64 =>
    createMatrix(
      Float64Array.from({ length: rows * columns }, () => rng.normal()),
      rows,
      columns,
    );
  const b = gaussian(n, bits);
  b.values.forEach((value, at) => {
    b.values[at] = value < 0 ? -1 : 1;
  });
  const classes = Int32Array.from({ length: n }, () => rng.integer(count));
  const [w, f] = [gaussian(bits, count), gaussian(n, bits)];
  const objective = () => sdhObjective(b, classes, w, f, weights);
  return { b, classes, w, f, count, q: bitTargets(classes, w, f, weights.nu), objective };
}

it.each([1, 2, 3, 4, 5, 6])('sets each bit of each code to the better of both values, seed %p', (seed) => {
  const { b, q, w, objective } = problem(seed);
  for (let l = 0; l < 5; l++) {
    const before = b.values.slice();
    const at = objective();
    const changed = updateBit(b, q, w, l);
    expect(objective()).toBeLessThanOrEqual(at + 1e-9);
    expect(b.values.filter((value, i) => value !== before[i]).length).toBe(changed);
    const reached = objective();
    for (let i = 0; i < b.rows; i++) {
      b.values[i * 5 + l]! *= -1;
      expect(objective()).toBeGreaterThan(reached);
      b.values[i * 5 + l]! *= -1;
    }
  }
});

it('keeps the old bit where both are equally good', () => {
  const zeros = (rows: number, columns: number) => createMatrix(new Float64Array(rows * columns), rows, columns);
  const b = createMatrix(Float64Array.of(1, -1, -1, 1), 2);
  expect(updateBit(b, zeros(2, 2), zeros(2, 3), 0)).toBe(0);
  expect(Array.from(b.values)).toEqual([1, -1, -1, 1]);
});

it('cycles until nothing changes, or as often as it may', () => {
  let rounds = 0;
  for (let seed = 0; seed < 30; seed++) {
    const [once, often] = [problem(seed), problem(seed)];
    descendBits(once.b, once.q, once.w, 1);
    descendBits(often.b, often.q, often.w, 50);
    if (often.objective() < once.objective() - 1e-9) rounds++;
    for (let l = 0; l < 5; l++) expect(updateBit(often.b, often.q, often.w, l)).toBe(0);
  }
  expect(rounds).toBeGreaterThan(0);
});

it('takes the best W for given codes', () => {
  const { b, classes, f, count } = problem(3);
  const gram = createMatrix(new Float64Array(25), 5);
  for (let i = 0; i < b.rows; i++) {
    for (let k = 0; k < 25; k++) gram.values[k]! += b.values[i * 5 + Math.floor(k / 5)]! * b.values[i * 5 + (k % 5)]!;
  }
  const w = ridgeRegression(gram, classSums(b, classes, count), weights.lambda);
  const least = sdhObjective(b, classes, w, f, weights);
  w.values.forEach((value, at) => {
    for (const off of [-1e-3, 1e-3]) {
      w.values[at] = value + off;
      expect(sdhObjective(b, classes, w, f, weights)).toBeGreaterThan(least);
    }
    w.values[at] = value;
  });
  const singular = createMatrix(Float64Array.of(1, 1, 1, 1), 2);
  expect(() => ridgeRegression(singular, createMatrix(new Float64Array(2), 2), 0)).toThrow(TrainingDataError);
});
