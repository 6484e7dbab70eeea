import type { Rng } from '../random/index.js';
import { inertiaOf, type LloydHistory, type LloydRun } from './lloyd.js';
import { rowOf } from './matrix.js';
import type { MatrixOperations } from './matrix-operations.js';

/** k-means on mini-batches: each centroid is the mean of all rows that were ever nearest to it when they were drawn. */
export async function miniBatches(
  operations: MatrixOperations,
  batchSize: number,
  rng: Rng,
  { data, moments, centroids, iterations }: LloydRun,
): Promise<LloydHistory> {
  const d = data.columns;
  const seen = new Float64Array(centroids.rows);
  const inertiaHistory: number[] = [];
  const batch = { rows: batchSize, columns: d, values: new Float64Array(batchSize * d) };
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (let i = 0; i < batchSize; i++) batch.values.set(rowOf(data, rng.integer(data.rows)), i * d);
    let squares = 0;
    for (let i = 0; i < batch.values.length; i++) squares += (batch.values[i]! - moments.mean[i % d]!) ** 2;
    const held = operations.holdRows(batch, moments.mean);
    try {
      const update = await held.sumByCentroid(centroids);
      inertiaHistory.push((inertiaOf(centroids, update, squares) * data.rows) / batchSize);
      for (let i = 0; i < seen.length; i++) seen[i]! += update.counts[i]!;
      for (let i = 0; i < centroids.values.length; i++) {
        const cluster = Math.floor(i / d);
        const count = update.counts[cluster]!;
        if (count > 0) centroids.values[i]! += (update.sums[i]! - count * centroids.values[i]!) / seen[cluster]!;
      }
    } finally {
      held.dispose();
    }
  }
  return { inertiaHistory, converged: false };
}
