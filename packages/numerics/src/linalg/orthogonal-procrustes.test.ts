import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRng } from '../random/index.js';
import { createMatrix, type Matrix, orthogonalProcrustes } from './index.js';
import { orthonormalize } from './orthonormalize.js';

function random(rows: number, columns: number, seed: number): Matrix & { readonly values: Float64Array } {
  const rng = createRng(seed);
  return createMatrix(
    Float64Array.from({ length: rows * columns }, () => rng.normal()),
    rows,
    columns,
  );
}

function orthogonal(size: number, seed: number): Matrix {
  const matrix = random(size, size, seed);
  orthonormalize(matrix.values, size, size);
  return matrix;
}

function multiplied(a: Matrix, b: Matrix): Matrix & { readonly values: Float64Array } {
  const values = new Float64Array(a.rows * b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      for (let k = 0; k < a.columns; k++)
        values[i * b.columns + j]! += a.values[i * a.columns + k]! * b.values[k * b.columns + j]!;
    }
  }
  return createMatrix(values, a.rows);
}

const squaredNorm = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value * value, 0);
const squaredDistance = (a: Matrix, b: Matrix) => squaredNorm(Array.from(a.values, (value, i) => value - b.values[i]!));

function expectOrthogonal({ rows: n, values }: Matrix): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let dot = 0;
      for (let k = 0; k < n; k++) dot += values[k * n + i]! * values[k * n + j]!;
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 10);
    }
  }
}

describe('orthogonalProcrustes', () => {
  it('finds the rotation or reflection that was made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat(), async (d, seed) => {
        const [a, wanted] = [random(d + 5, d, seed), orthogonal(d, seed + 1)];
        const { rotation } = await orthogonalProcrustes(a, multiplied(a, wanted));
        for (let i = 0; i < d * d; i++) expect(rotation.values[i]).toBeCloseTo(wanted.values[i]!, 8);
      }),
    );
  });

  it('no other orthogonal matrix comes nearer, and scale gives the distance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.nat(), async (n, d, seed) => {
        const [a, b] = [random(n, d, seed), random(n, d, seed + 1)];
        const { rotation, scale } = await orthogonalProcrustes(a, b);
        expectOrthogonal(rotation); // also where n < d and AᵀB lacks rank
        const least = squaredDistance(multiplied(a, rotation), b);
        expect(least).toBeCloseTo(squaredNorm(a.values) + squaredNorm(b.values) - 2 * scale, 8);
        for (let i = 0; i < 5; i++) {
          expect(squaredDistance(multiplied(a, orthogonal(d, seed + i)), b)).toBeGreaterThanOrEqual(least - 1e-9);
        }
      }),
    );
  });

  it('says what is wrong', async () => {
    const a = random(3, 2, 1);
    await expect(orthogonalProcrustes(a, random(3, 3, 1))).rejects.toThrow('of one size, got 3 × 2 and 3 × 3');
    const nan = createMatrix(Float64Array.of(1, 2, 3, 4, 5, Number.NaN), 3);
    await expect(orthogonalProcrustes(a, nan)).rejects.toMatchObject({ code: 'linalg/not-finite' });
  });
});
