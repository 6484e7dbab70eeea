import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { closenessOf, leak, matrix, normals, type Rows } from '../../test/support.js';
import {
  cosineSimilarity,
  dotProduct,
  EmbeddingsError,
  EmptyBatchError,
  euclideanDistance,
  NonFiniteError,
  nearestRows,
  OptionError,
} from '../index.js';

/** In plain loops: all others sorted, ties by index. */
function slow(x: Rows, gallery: Rows | null, count: number, name = 'cosine'): number[] {
  return closenessOf(name, true, x, gallery ?? x).flatMap((row, query) =>
    row
      .map((value, i) => [Number(value.toFixed(5)), i] as const)
      .filter(([, i]) => gallery !== null || i !== query)
      .sort(([a, i], [b, j]) => b - a || i - j)
      .slice(0, count)
      .map(([, i]) => i),
  );
}

describe('nearestRows', () => {
  const rng = createRng(3);
  const [x, gallery] = [normals(rng, 11, 4), normals(rng, 7, 4)];

  it.each([1, 3, 10])('finds what a sort of all others finds: %d', (count) => {
    for (const blockSize of [1, 4, 256]) {
      expect(Array.from(nearestRows(matrix(x), { count, blockSize }).indices)).toEqual(slow(x, null, count));
    }
  });

  // Sizes around those that are compared together, by the engine's operation for one nearest row and without it.
  it.each([
    [17, 1],
    [17, 2],
    [64, 1],
    [333, 1],
    [4200, 1],
    [4200, 3],
  ])('finds the closest of %d rows: %d', (rows, count) => {
    const many = createRng(rows);
    // Whole numbers: products are exact, and many are equal.
    const numbers = Float32Array.from({ length: rows * 3 }, () => many.integer(9) - 4);
    const expected = Array.from({ length: rows }, (_, i) => {
      const products = Array.from({ length: rows }, (__, j) => {
        let sum = 0;
        for (let c = 0; c < 3; c++) sum += numbers[3 * i + c]! * numbers[3 * j + c]!;
        return j === i ? Number.NEGATIVE_INFINITY : sum;
      });
      return Array.from({ length: count }, () => {
        const best = products.reduce((at, value, j) => (value > products[at]! ? j : at), 0);
        products[best] = Number.NEGATIVE_INFINITY;
        return best;
      });
    }).flat();
    const x = tf.tensor2d(numbers, [rows, 3]);
    for (const blockSize of rows > 1000 ? [1024, 4200] : [7, 64, 512]) {
      const { indices } = nearestRows(x, { count, blockSize, distance: dotProduct() });
      expect(indices).toEqual(Int32Array.from(expected));
    }
    x.dispose();
  });

  it('compares one by one where products overflow', () => {
    const huge = matrix([
      [1e30, 0],
      [0, 1e30],
      [2e30, 1],
    ]);
    const { indices, values } = nearestRows(huge, { distance: dotProduct() });
    expect(Array.from(indices)).toEqual([2, 2, 0]);
    expect(values[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it('searches a gallery, with any distance', () => {
    const rows = matrix(gallery);
    for (const [name, distance] of [
      ['cosine', cosineSimilarity()],
      ['euclidean', euclideanDistance()],
    ] as const) {
      const { indices, values } = nearestRows(matrix(x), { count: 7, gallery: rows, distance });
      expect(Array.from(indices)).toEqual(slow(x, gallery, 7, name));
      const all = closenessOf(name, true, x, gallery);
      indices.forEach((index, i) => {
        expect(distance.largerIsCloser ? values[i] : -values[i]!).toBeCloseTo(all[Math.floor(i / 7)]![index]!, 5);
      });
    }
  });

  it('takes the lowest index of equally near rows, never the row itself', () => {
    const same = matrix([
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(Array.from(nearestRows(same, { count: 2 }).indices)).toEqual([1, 2, 0, 2, 0, 1, 0, 1]);
  });

  it('leaves no tensors', async () => {
    const rows = matrix(x);
    expect(await leak(() => nearestRows(rows, { blockSize: 3 }))).toBe(0);
    rows.dispose();
  });

  it('says what is wrong', () => {
    expect(() => nearestRows(matrix(x), { count: 11 })).toThrow(OptionError);
    expect(() => nearestRows(matrix(x), { count: 8, gallery: matrix(gallery) })).toThrow(OptionError);
    expect(() => nearestRows(matrix(x), { count: 0 })).toThrow(OptionError);
    expect(() => nearestRows(matrix(x), { blockSize: 0 })).toThrow(OptionError);
    expect(() => nearestRows(matrix(x), { gallery: matrix(normals(rng, 3, 5)) })).toThrow(EmbeddingsError);
    expect(() => nearestRows(matrix([[Number.NaN], [1]]))).toThrow(NonFiniteError);
    expect(() => nearestRows(matrix([[]]))).toThrow(EmptyBatchError);
  });
});
