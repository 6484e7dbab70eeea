import * as tf from '@tensorflow/tfjs';
import { clamp } from './clamp.js';
import { l2Normalize } from './l2-normalize.js';
import { mapWhere } from './map-where.js';
import { requireDtype, requireOneOf, requireShape } from './require-argument.js';

/** A distance between rows. */
export type DistanceMetric = 'squaredEuclidean' | 'euclidean' | 'cosine';

/** Options of {@link pairwiseDistances}. */
export interface PairwiseDistancesOptions {
  /** Σ(a − b)², its root, or 1 − cos(a, b) in [0, 2]. Default `'euclidean'`. */
  readonly metric?: DistanceMetric;
  /**
   * How Euclidean distances are computed. `'product'` (default): ‖a‖² + ‖b‖² − 2ab as one matrix product. `'difference'`: Σ(a − b)², which
   * holds N·M·D numbers but is exact for distances far smaller than the spread of the rows.
   */
  readonly method?: 'product' | 'difference';
}

const METRICS: readonly DistanceMetric[] = ['squaredEuclidean', 'euclidean', 'cosine'];

/** Share of ‖a‖² + ‖b‖² below which a squared distance out of a matrix product is rounding. */
const ROUNDING = 1e-6;

/**
 * Distances between each row of a and each row of b.
 *
 * The gradient of a Euclidean distance of 0 is 0, not NaN. With one argument the diagonal is exactly 0. With the method `'product'`,
 * Euclidean distances below 1/1000 of the rows' distance from their mean are 0: they would be rounding. A row of zeros has cosine
 * distance 1 from all others.
 *
 * @param a float32 `[N, D]`
 * @param b float32 `[M, D]`; default a
 * @returns float32 `[N, M]`; the caller disposes it
 * @throws OpDtypeError, OpShapeError, OpOptionError
 */
export function pairwiseDistances(
  a: tf.Tensor2D,
  b: tf.Tensor2D = a,
  { metric = 'euclidean', method = 'product' }: PairwiseDistancesOptions = {},
): tf.Tensor2D {
  requireDtype('pairwiseDistances: a', a, 'float32');
  requireDtype('pairwiseDistances: b', b, 'float32');
  requireShape('pairwiseDistances: a', a.shape, ['N', 'D']);
  requireShape('pairwiseDistances: b', b.shape, ['M', a.shape[1]]);
  requireOneOf('pairwiseDistances: metric', metric, METRICS);
  requireOneOf('pairwiseDistances: method', method, ['product', 'difference']);
  return tf.tidy(() => {
    const distances = metric === 'cosine' ? cosine(a, b) : euclidean(a, b, metric, method);
    return a === b ? (tf.mul(distances, tf.sub(1, tf.eye(a.shape[0]))) as tf.Tensor2D) : distances;
  });
}

function cosine(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const similarity = tf.matMul(l2Normalize(a), l2Normalize(b), false, true);
  return clamp(tf.sub(1, similarity) as tf.Tensor2D, 0, 2);
}

function euclidean(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  metric: DistanceMetric,
  method: 'product' | 'difference',
): tf.Tensor2D {
  const { squared, rounding } = method === 'product' ? byProduct(a, b) : byDifference(a, b);
  return metric === 'squaredEuclidean' ? squared : mapWhere(tf.greater(squared, rounding), squared, tf.sqrt);
}

interface Squared {
  readonly squared: tf.Tensor2D;
  /** What the error of rounding may reach, of a shape that broadcasts. */
  readonly rounding: tf.Tensor | number;
}

function byProduct(a: tf.Tensor2D, b: tf.Tensor2D): Squared {
  // Distances do not change with the origin; near the mean of b the products are small, and so is their rounding.
  const origin = tf.mean(b, 0, true);
  const [left, right] = [tf.sub(a, origin), tf.sub(b, origin)] as [tf.Tensor2D, tf.Tensor2D];
  const sizes = tf.add(
    tf.sum(tf.square(left), 1, true),
    tf.reshape(tf.sum(tf.square(right), 1), [1, right.shape[0]]),
  ) as tf.Tensor2D; // [N, M]
  const squared = tf.relu(tf.sub(sizes, tf.mul(2, tf.matMul(left, right, false, true)))) as tf.Tensor2D;
  return { squared, rounding: tf.mul(sizes, ROUNDING) };
}

function byDifference(a: tf.Tensor2D, b: tf.Tensor2D): Squared {
  const difference = tf.sub(tf.expandDims(a, 1), tf.expandDims(b, 0)); // [N, M, D]
  return { squared: tf.sum(tf.square(difference), 2) as tf.Tensor2D, rounding: 0 };
}
