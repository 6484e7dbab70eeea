import { requireFinite } from './check-finite.js';
import { columnMoments } from './column-moments.js';
import { checkKMeans, type KMeansOptions, type KMeansResult } from './k-means-options.js';
import { plusPlusRows, randomRows } from './k-means-start.js';
import { type LloydRun, lloyd } from './lloyd.js';
import type { Matrix } from './matrix.js';
import { miniBatches } from './mini-batches.js';
import { plainOperations } from './plain-operations.js';

/**
 * k-means: centroids c and an assignment of rows to them that make Σ‖x − c‖² small, by Lloyd's algorithm (each row to its nearest centroid,
 * each centroid to the mean of its rows) or on mini-batches.
 *
 * A centroid that no row is nearest to moves to the row that is farthest from its own centroid (of equally far ones the first), which leaves
 * that one; with several, the next farthest. It stays where no such row is left, and in mini-batches, where a rare cluster may just not have
 * been drawn. The same data, options and engine give the same result.
 *
 * @param data `[n × d]`, finite
 * @param clusters k, 1 … n
 * @throws MatrixShapeError, NonFiniteMatrixError, LinalgOptionError
 *
 * @example
 * const { centroids, assignments } = await kMeans(data, 10, { rng: createRng(1).stream('k-means') });
 */
export async function kMeans(data: Matrix, clusters: number, options: KMeansOptions = {}): Promise<KMeansResult> {
  checkKMeans(data, clusters, options);
  const { rng, start = 'k-means++', iterations = 100, tolerance = 1e-4, operations = plainOperations() } = options;
  if (typeof start === 'object') requireFinite('kMeans: start', start);
  const moments = await columnMoments('kMeans', data);
  const { columns: d } = data;
  let centroids: Float64Array;
  if (typeof start === 'object') centroids = Float64Array.from(start.values);
  else centroids = (start === 'random' ? randomRows : plusPlusRows)(data, clusters, rng!.stream('start'));
  // Everything is computed around the mean: far from 0 float32 has no digits left for distances.
  for (let i = 0; i < centroids.length; i++) centroids[i]! -= moments.mean[i % d]!;
  const held = operations.holdRows(data, moments.mean);
  try {
    const threshold = (tolerance * moments.squares) / (data.rows * d);
    const run: LloydRun = { data, moments, centroids: { rows: clusters, columns: d, values: centroids }, iterations };
    const { inertiaHistory, converged } =
      options.batchSize === undefined
        ? await lloyd(held, threshold, run)
        : await miniBatches(operations, options.batchSize, rng!.stream('batches'), run);
    const { assignments, squaredDistances } = await held.assign(run.centroids);
    return {
      centroids: { rows: clusters, columns: d, values: centroids.map((value, i) => value + moments.mean[i % d]!) },
      assignments,
      inertia: squaredDistances.reduce((sum, value) => sum + value, 0),
      inertiaHistory,
      iterations: inertiaHistory.length,
      converged,
    };
  } finally {
    held.dispose();
  }
}
