import type { Matrix, MatrixOperations, MultiplyOptions } from '@tensor-papers/numerics/linalg';
import * as tf from '@tensorflow/tfjs';
import { TensorOperationsOptionError } from './errors.js';
import { nearestInParts } from './nearest-in-parts.js';
import { scatter } from './scatter.js';
import { TensorHeldRows } from './tensor-held-rows.js';

/** Options of {@link tensorOperations}. */
export interface TensorOperationsOptions {
  /** Rows that are compared with centroids again and again stay on the engine up to that many bytes; beyond, they go there block by block each time. Default 2²⁹ (512 MiB). */
  readonly residentBytes?: number;
}

/**
 * Matrix operations for `pca`, `kMeans`, `orthogonalProcrustes` of `@tensor-papers/numerics/linalg` on the running TensorFlow.js engine.
 *
 * Products are in float32, sums over blocks of rows in float64. Memory is constant beside results and the rows that are held; no tensor is
 * left behind. Decompositions stay in plain JavaScript.
 *
 * @throws TensorOperationsOptionError for a `residentBytes` below 0
 *
 * @example
 * const model = await pca(data, 64, { operations: tensorOperations() });
 */
export function tensorOperations({ residentBytes = 2 ** 29 }: TensorOperationsOptions = {}): MatrixOperations {
  if (!(residentBytes >= 0)) {
    throw new TensorOperationsOptionError(
      `tensorOperations: residentBytes: expected a number of at least 0, got ${residentBytes}`,
    );
  }
  return {
    precision: 'float32',
    multiply,
    scatter,
    holdRows: (rows, origin) => new TensorHeldRows(rows, origin, residentBytes),
    nearestInParts,
  };
}

async function multiply(
  a: Matrix,
  b: Matrix,
  { transposeA = false, transposeB = false }: MultiplyOptions = {},
): Promise<Matrix> {
  const product: tf.Tensor2D = tf.tidy(() => tf.matMul(tensorOf(a), tensorOf(b), transposeA, transposeB));
  try {
    const [rows, columns] = product.shape;
    return { rows, columns, values: (await product.data()) as Float32Array };
  } finally {
    product.dispose();
  }
}

function tensorOf({ values, rows, columns }: Matrix): tf.Tensor2D {
  return tf.tensor2d(values instanceof Float32Array ? values : Float32Array.from(values), [rows, columns]);
}
