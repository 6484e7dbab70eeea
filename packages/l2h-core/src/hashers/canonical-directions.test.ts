import { expect, it } from '@jest/globals';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import { TrainingDataError } from '../errors.js';
import { canonicalDirections } from './canonical-directions.js';
import { cholesky, solveLower, solveUpper } from './cholesky.js';

function labelled(n: number, d: number, count: number) {
  const rng = createRng(n);
  const of = Int32Array.from({ length: n }, (_, i) => i % count);
  const values = Float64Array.from(
    { length: n * d },
    (_, at) => rng.normal() + ((of[Math.floor(at / d)]! * (at % d)) % 3),
  );
  return { rows: createMatrix(values, n), classes: { of, count } };
}

it('solves Sxy(Syy + ρI)⁻¹Syx·w = r²(Sxx + ρI)·w with wᵀ(Sxx + ρI)w = 1', async () => {
  const [n, d, c, ridge] = [40, 5, 3, 0.01];
  const { rows, classes } = labelled(n, d, c);
  const { mean, correlations, directions } = await canonicalDirections({ rows, classes }, 5, ridge);
  const y = (i: number, k: number) => (classes.of[i] === k ? 1 : 0) - classes.of.filter((of) => of === k).length / n;
  const x = (i: number, j: number) => rows.values[i * d + j]! - mean[j]!;
  const average = (term: (i: number) => number) =>
    Array.from({ length: n }, (_, i) => term(i)).reduce((a, b) => a + b) / n;
  const table = (p: number, q: number, entry: (a: number, b: number) => number) =>
    Array.from({ length: p }, (_, a) => Array.from({ length: q }, (_, b) => entry(a, b)));
  const times = (m: number[][], v: number[]) => m.map((row) => row.reduce((sum, value, i) => sum + value * v[i]!, 0));
  const sxx = table(d, d, (a, b) => average((i) => x(i, a) * x(i, b)) + (a === b ? ridge : 0));
  const syy = table(c, c, (a, b) => average((i) => y(i, a) * y(i, b)) + (a === b ? ridge : 0));
  const syx = table(c, d, (a, b) => average((i) => y(i, a) * x(i, b)));
  const sxy = table(d, c, (a, b) => syx[b]![a]!);
  expect(correlations[0]).toBeGreaterThan(correlations[1]!);
  for (let k = 0; k < 2; k++) {
    const r = correlations[k]!;
    const w = Array.from(directions.values.subarray(k * d, (k + 1) * d), (value) => value / r);
    const right = times(sxx, w);
    expect(w.reduce((sum, value, i) => sum + value * right[i]!, 0)).toBeCloseTo(1, 9);
    const inner = Float64Array.from(times(syx, w));
    const factor = cholesky(Float64Array.from(syy.flat()), c)!;
    solveLower(factor, c, inner);
    solveUpper(factor, c, inner);
    times(sxy, [...inner]).forEach((value, i) => {
      expect(value).toBeCloseTo(r ** 2 * right[i]!, 9);
    });
  }
  // Three classes have two directions.
  expect(Array.from(correlations.subarray(2))).toEqual([0, 0, 0]);
  expect(directions.values.subarray(2 * d).every((value) => value === 0)).toBe(true);
});

it('says when the ridge is lost in the scale of the vectors', async () => {
  const { rows, classes } = labelled(6, 9, 2);
  const huge = { ...rows, values: rows.values.map((value) => value * 1e12) };
  await expect(canonicalDirections({ rows: huge, classes }, 1, 1e-4)).rejects.toThrow(TrainingDataError);
});

it('factors and solves', () => {
  const a = Float64Array.of(4, 2, -2, 2, 5, 3, -2, 3, 11);
  const l = cholesky(a, 3)!;
  for (let i = 0; i < 9; i++) {
    const [p, q] = [Math.floor(i / 3), i % 3];
    let sum = 0;
    for (let k = 0; k < 3; k++) sum += l[p * 3 + k]! * l[q * 3 + k]!;
    expect(sum).toBeCloseTo(a[i]!, 12);
    if (q > p) expect(l[i]).toBe(0);
  }
  const x = [1, -2, 3, 0.5, 4, -1]; // [3 × 2]
  const b = Float64Array.from({ length: 6 }, (_, at) => {
    const [i, j] = [at >> 1, at & 1];
    return a[i * 3]! * x[j]! + a[i * 3 + 1]! * x[2 + j]! + a[i * 3 + 2]! * x[4 + j]!;
  });
  solveLower(l, 3, b);
  solveUpper(l, 3, b);
  b.forEach((value, at) => {
    expect(value).toBeCloseTo(x[at]!, 12);
  });
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
  expect(cholesky(Float64Array.of(Number.NaN), 1)).toBeUndefined();
});
