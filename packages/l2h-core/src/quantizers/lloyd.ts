import type { CentroidSums, HeldRows, Matrix } from '@tensor-papers/numerics/linalg';

/** By how much the two copies of a centroid part when one of them takes the place of an empty cluster (as faiss does). */
const apart = 1 / 1024;

/**
 * Lloyd's update: each centroid becomes the mean of its rows. A centroid without rows becomes a copy of that of the largest cluster, moved
 * apart by ∓1/1024 of each coordinate with alternating signs, and takes half of its rows with it.
 *
 * @param before `[k × d]`
 * @returns `[k × d]`
 */
export function updatedCentroids(before: Matrix, { sums, counts }: CentroidSums): Matrix & { values: Float64Array } {
  const { rows: k, columns: d } = before;
  const values = Float64Array.from(before.values);
  const members = Float64Array.from(counts);
  for (let c = 0; c < k; c++) {
    if (members[c]! > 0) for (let j = 0; j < d; j++) values[c * d + j] = sums[c * d + j]! / members[c]!;
  }
  for (let c = 0; c < k; c++) {
    if (members[c]! > 0) continue;
    let largest = 0;
    for (let other = 1; other < k; other++) if (members[other]! > members[largest]!) largest = other;
    if (members[largest]! < 2) continue;
    for (let j = 0; j < d; j++) {
      const sign = j % 2 === 0 ? 1 : -1;
      const value = values[largest * d + j]!;
      values[c * d + j] = value * (1 + sign * apart);
      values[largest * d + j] = value * (1 - sign * apart);
    }
    members[c] = members[largest]! / 2;
    members[largest]! /= 2;
  }
  return { rows: k, columns: d, values };
}

/** One step: the nearest centroids of the rows, then {@link updatedCentroids}. */
export const lloydStep = async (held: HeldRows, centroids: Matrix) =>
  updatedCentroids(centroids, await held.sumByCentroid(centroids));
