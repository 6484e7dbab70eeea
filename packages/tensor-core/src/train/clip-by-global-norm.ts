import * as tf from '@tensorflow/tfjs';
import { requirePositive } from './require-option.js';

/** Gradients after clipping, and how long they were before. */
export interface ClippedGradients {
  readonly gradients: tf.NamedTensorMap;
  /** ‖g‖ over all gradients together, before clipping; a scalar. */
  readonly norm: tf.Scalar;
}

/**
 * Scales gradients so that their norm, taken over all of them together, is at most `maximum`.
 *
 * g ← g · min(1, maximum / ‖g‖), ‖g‖ = √Σ g². The caller disposes what is returned.
 */
export function clipByGlobalNorm(gradients: tf.NamedTensorMap, maximum: number): ClippedGradients {
  requirePositive('clipByGlobalNorm: maximum', maximum);
  return tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    const norm = (squares.length === 0 ? tf.scalar(0) : tf.sqrt(tf.addN(squares))) as tf.Scalar;
    // The smallest normal float32 keeps 0/0 away when all gradients are 0.
    const scale = tf.minimum(1, tf.div(maximum, tf.maximum(norm, 1.2e-38)));
    const clipped: tf.NamedTensorMap = {};
    for (const [name, gradient] of Object.entries(gradients)) clipped[name] = tf.mul(gradient, scale);
    return { gradients: clipped, norm };
  });
}
