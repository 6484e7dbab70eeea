import { type Matrix, rowRange } from '@tensor-papers/numerics/linalg';
import { TrainingDataError } from '../errors.js';
import type { ModelKind } from './learned-hasher.js';
import { type Matrix64, rowBlocks, takeRows } from './rows.js';
import { squaredDistances } from './squared-distances.js';
import type { Training } from './training.js';

/** Scores Σ_t w_t·(K(x, u_t) − mean_t) with K(x, u) = exp(−‖x − u‖² / 2σ²). */
export interface KernelModel {
  /** u, `[t × d]` */
  readonly anchors: Matrix;
  readonly sigma: number;
  /** `[t]` */
  readonly mean: Float64Array;
  /** `[bits × t]` */
  readonly weights: Matrix;
}

export const kernelModel: ModelKind<KernelModel> = {
  dimensions: ({ anchors }) => anchors.columns,
  async score({ anchors, sigma, mean, weights }, block, operations) {
    const features = gaussianKernel(await squaredDistances(block, anchors, operations), sigma);
    for (let at = 0; at < features.values.length; at++) features.values[at]! -= mean[at % mean.length]!;
    return operations.multiply(features, weights, { transposeB: true });
  },
  fields: (model) => ({ ...model }),
  read(reader, bits) {
    const anchors = reader.matrix('anchors');
    const mean = reader.vector('mean', anchors.rows);
    return { anchors, sigma: reader.number('sigma'), mean, weights: reader.matrix('weights', bits, anchors.rows) };
  },
};

function gaussianKernel(squares: Matrix64, sigma: number): Matrix64 {
  return { ...squares, values: squares.values.map((square) => Math.exp(-square / (2 * sigma ** 2))) };
}

/** So many nearest anchors tell how wide a kernel should be. */
const nearAnchors = 10;

/** The sum of the distances of rows to their nearest anchors. */
function nearDistances({ rows, columns, values }: Matrix64, near: number): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const sorted = values.slice(i * columns, (i + 1) * columns).sort();
    for (let j = 0; j < near; j++) sum += Math.sqrt(sorted[j]!);
  }
  return sum;
}

/** Anchors, the width of the kernel, and the kernel features of all training rows. */
export interface KernelFeatures {
  readonly anchors: Matrix;
  readonly sigma: number;
  /** K, `[n × t]` */
  readonly features: Matrix;
  readonly warnings: readonly string[];
}

/**
 * Kernel features of the training rows, to anchors drawn among these.
 *
 * @param given σ; default: the mean distance of the rows to their {@link nearAnchors} nearest anchors
 * @param single whether the features are kept in float32, for methods that hold them for many rows
 */
export async function kernelFeatures(
  what: string,
  { rows, rng, operations, step }: Training,
  wanted: number,
  given: number | undefined,
  single = false,
): Promise<KernelFeatures> {
  const count = Math.min(wanted, rows.rows);
  const warnings = count < wanted ? [`only ${rows.rows} vectors: ${count} anchors, not ${wanted}`] : [];
  const anchors = takeRows(rows, rng.stream('anchors').permutation(rows.rows).subarray(0, count).sort());
  const size = rows.rows * count;
  const values = single ? new Float32Array(size) : new Float64Array(size);
  const near = Math.min(nearAnchors, count);
  let sum = 0;
  for (const [start, end] of rowBlocks(rows.rows, rows.columns)) {
    const squares = await squaredDistances(rowRange(rows, start, end), anchors, operations);
    if (given === undefined) sum += nearDistances(squares, near);
    values.set(squares.values, start * count);
    await step(0);
  }
  const sigma = given ?? sum / (rows.rows * near);
  if (!(sigma > 0)) throw new TrainingDataError(`${what}: vectors coincide with their nearest anchors; pass sigma`);
  for (let at = 0; at < size; at++) values[at] = Math.exp(-values[at]! / (2 * sigma ** 2));
  return { anchors, sigma, features: { rows: rows.rows, columns: count, values }, warnings };
}
