import { describe, expect, it } from '@jest/globals';
import { createMatrix } from '@tensor-papers/numerics/linalg';
import { updatedCentroids } from './lloyd.js';

describe('updatedCentroids', () => {
  const before = createMatrix(Float64Array.of(1, 1, 2, 2, 9, 9), 3);

  it('takes means, and gives an empty cluster half of the largest', () => {
    const sums = Float64Array.of(8, 16, 2, 4, 0, 0);
    const { values } = updatedCentroids(before, { sums, counts: Float64Array.of(4, 1, 0) });
    const [up, down] = [1 + 1 / 1024, 1 - 1 / 1024];
    expect(Array.from(values)).toEqual([2 * down, 4 * up, 2, 4, 2 * up, 4 * down]);
  });

  it('splits one cluster after the other, and leaves a centroid where there is nothing to split', () => {
    const two = updatedCentroids(before, { sums: Float64Array.of(8, 8, 0, 0, 0, 0), counts: Float64Array.of(4, 0, 0) });
    expect(new Set(two.values).size).toBeGreaterThan(3);
    const single = updatedCentroids(before, {
      sums: Float64Array.of(3, 3, 0, 0, 0, 0),
      counts: Float64Array.of(1, 0, 0),
    });
    expect(Array.from(single.values)).toEqual([3, 3, 2, 2, 9, 9]);
  });
});
