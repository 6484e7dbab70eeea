import { createMatrix, type Matrix, pca, pcaProject } from '@tensor-papers/numerics/linalg';
import { createRng } from '@tensor-papers/numerics/random';
import {
  type FitOptions,
  Itq,
  OptimizedProductQuantizer,
  PQIndex,
  ProductQuantizer,
  type Quantizer,
} from '../src/index.js';
import { SmallestK } from '../src/quantizers/smallest-k.js';
import { FlatIndex } from '../src/search/flat-index.js';
import { asymmetricDistances } from '../src/search/weighted-hamming.js';
import { neighborArm } from './arms.js';
import type { HashingConfig } from './config.js';
import type { Splits } from './splits.js';
import { neighborRecall, trueNeighbors } from './true-neighbors.js';

type Found = readonly ArrayLike<number>[];

/** Recall of the true Euclidean neighbours at equal bytes, by binary codes and by quantisation. */
export async function neighborArms(config: HashingConfig, { queries, database }: Splits, learning: FitOptions) {
  const { seed = 0, operations, signal } = learning;
  const encoding = { ...(operations && { operations }), ...(signal && { signal }) };
  const k = Math.min(config.neighbors, database.vectors.rows);
  const truth = await trueNeighbors(queries.vectors, database.vectors, k, operations!);
  const sample = sampleRows(database.vectors, config.quantizerSample, seed);
  const low = await pca(sample, Math.min(config.opqDimensions, sample.rows), { operations: operations! });
  const [lowSample, lowDatabase, lowQueries] = await Promise.all(
    [sample, database.vectors, queries.vectors].map((rows) => pcaProject(low, rows, { operations: operations! })),
  );
  const arms: Record<string, Record<string, number>> = {};
  const measure = (method: string, bytes: number, found: Found) => {
    arms[neighborArm(method, bytes)] = { ...neighborRecall(found, truth) };
  };
  for (const bytes of config.bytes) {
    signal?.throwIfAborted();
    const hasher = new Itq({ bits: 8 * bytes });
    await hasher.fit(database.vectors, { seed, ...encoding });
    const codes = await hasher.encode(database.vectors, encoding);
    const asked = await hasher.encode(queries.vectors, encoding);
    const projected = await hasher.project(queries.vectors, encoding);
    const index = new FlatIndex({ bits: 8 * bytes });
    index.add(codes);
    measure('itq-hamming', bytes, rowsOf(index.search(asked, k).ids, k));
    const weights = projected.map(Math.abs);
    measure('itq-weighted', bytes, rowsOf(index.search(asked, k, { rerank: { weights } }).ids, k));
    const asymmetric = Array.from({ length: asked.n }, (_, q) => {
      const nearest = new SmallestK(k);
      const query = projected.subarray(q * 8 * bytes, (q + 1) * 8 * bytes);
      asymmetricDistances(query, codes).forEach((distance, i) => {
        nearest.add(distance, i);
      });
      return nearest.sorted().map(({ id }) => id);
    });
    measure('itq-asymmetric', bytes, asymmetric);

    const fitted = async (quantizer: Quantizer, rows: Matrix) => {
      await quantizer.fit(rows, { seed, ...encoding });
      return quantizer;
    };
    const options = { parts: bytes, centroids: config.centroids };
    const product = await fitted(new ProductQuantizer({ ...options, iterations: 12 }), sample);
    const productCodes = await product.encode(database.vectors, encoding);
    for (const mode of ['adc', 'sdc'] as const) {
      const searched = new PQIndex(product, { mode });
      searched.add(productCodes);
      measure(`pq-${mode}`, bytes, rowsOf((await searched.search(queries.vectors, k)).ids, k));
    }
    const rotated = await fitted(new OptimizedProductQuantizer({ ...options, iterations: 8 }), lowSample!);
    const searched = new PQIndex(rotated);
    searched.add(await rotated.encode(lowDatabase!, encoding));
    measure('opq-adc', bytes, rowsOf((await searched.search(lowQueries!, k)).ids, k));
  }
  return arms;
}

const rowsOf = (ids: Float64Array, k: number): Float64Array[] =>
  Array.from({ length: ids.length / k }, (_, q) => ids.subarray(q * k, (q + 1) * k));

/** Different rows, drawn with the seed; all of them where there are no more. */
function sampleRows({ rows, columns, values }: Matrix, count: number, seed: number): Matrix {
  if (rows <= count) return { rows, columns, values };
  const drawn = Array.from(createRng(seed).stream('sample').permutation(rows)).slice(0, count);
  const taken = new Float32Array(count * columns);
  drawn.forEach((row, i) => {
    taken.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return createMatrix(taken, count);
}
