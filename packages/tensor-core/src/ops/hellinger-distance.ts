import * as tf from '@tensorflow/tfjs';
import { OpShapeError } from './errors.js';
import { mapWhere } from './map-where.js';
import { requireBroadcast, requireDtype } from './require-argument.js';
import { withGradient } from './with-gradient.js';

/** Probabilities below this have the slope of this one. */
const SMALLEST_SLOPE_AT = 1e-12;

/** √p, whose slope at 0 is large instead of infinite. */
function boundedRoot(p: tf.Tensor): tf.Tensor {
  return withGradient(
    [p],
    [p],
    () => tf.sqrt(p),
    (dy, [values]) => [tf.div(dy, tf.mul(2, tf.sqrt(tf.maximum(values!, SMALLEST_SLOPE_AT))))],
  );
}

/**
 * Hellinger distance of discrete distributions: H(p, q) = ‖√p − √q‖₂ / √2 = √(1 − Σ √(pᵢqᵢ)), in [0, 1].
 *
 * 0 for equal ones, 1 for disjoint supports. The gradient at distance 0 is 0; at pᵢ = 0, where the slope is infinite, that of pᵢ = 1e-12.
 *
 * @param p float32 `[..., K]`, each row ≥ 0 with sum 1 (not checked)
 * @param q float32 `[..., K]`; p and q broadcast to one another
 * @returns float32 `[...]`; the caller disposes it
 * @throws OpDtypeError, OpShapeError
 */
export function hellingerDistance(p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  requireDtype('hellingerDistance: p', p, 'float32');
  requireDtype('hellingerDistance: q', q, 'float32');
  requireBroadcast('hellingerDistance', p.shape, q.shape);
  if (p.rank === 0 || p.shape[p.rank - 1] !== q.shape[q.rank - 1]) {
    throw new OpShapeError(`hellingerDistance: expected [..., K] twice, got [${p.shape}] and [${q.shape}]`);
  }
  return tf.tidy(() => {
    const difference = tf.sub(boundedRoot(p), boundedRoot(q));
    const squared = tf.mul(0.5, tf.sum(tf.square(difference), -1));
    return mapWhere(tf.greater(squared, 0), squared, tf.sqrt);
  });
}
