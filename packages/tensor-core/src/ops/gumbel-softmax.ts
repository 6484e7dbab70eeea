import * as tf from '@tensorflow/tfjs';
import { OpShapeError } from './errors.js';
import { requireDtype, requirePositive } from './require-argument.js';
import { straightThrough } from './straight-through.js';

/** Options of {@link gumbelSoftmax}. */
export interface GumbelSoftmaxOptions {
  /** τ: towards 0 the result becomes one-hot and its gradient wild. Default 1. */
  readonly temperature?: number;
  /** One-hot values with the gradient of the soft ones (straight-through). Default false. */
  readonly hard?: boolean;
}

/**
 * A differentiable draw from a categorical distribution: softmax((logits + noise)/τ), with Gumbel noise.
 *
 * The argmax is k with probability softmax(logits)_k. With `hard` the value is one-hot at the argmax (ties: the lowest index) and the
 * gradient that of the soft result.
 *
 * @param logits float32 `[..., K]`, log-probabilities up to a constant
 * @param noise float32 of the same shape, from {@link gumbelNoise}
 * @returns float32 `[..., K]`; the caller disposes it
 * @throws OpDtypeError, OpShapeError, OpOptionError
 */
export function gumbelSoftmax<T extends tf.Tensor>(
  logits: T,
  noise: tf.Tensor,
  { temperature = 1, hard = false }: GumbelSoftmaxOptions = {},
): T {
  requireDtype('gumbelSoftmax: logits', logits, 'float32');
  requireDtype('gumbelSoftmax: noise', noise, 'float32');
  requirePositive('gumbelSoftmax: temperature', temperature);
  const classes = logits.shape[logits.rank - 1] ?? 0;
  if (classes < 1) throw new OpShapeError(`gumbelSoftmax: logits: expected [..., K], got [${logits.shape}]`);
  if (noise.shape.join() !== logits.shape.join()) {
    throw new OpShapeError(
      `gumbelSoftmax: noise: expected the shape of logits, [${logits.shape}], got [${noise.shape}]`,
    );
  }
  return tf.tidy(() => {
    const scores = tf.add(logits, noise);
    const soft = tf.softmax(tf.div(scores, temperature)) as T;
    if (!hard) return soft;
    // Not oneHot in float32: stock wasm fills it with 1.4e-45.
    return straightThrough(
      soft,
      () => tf.cast(tf.oneHot(tf.argMax(scores, -1), classes, 1, 0, 'int32'), 'float32') as T,
    );
  });
}
