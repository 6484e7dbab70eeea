import * as tf from '@tensorflow/tfjs';
import { requireLogits } from './checks.js';

/**
 * The sample weights of CWTM, confidence weighted by teacher max (eq. 10): w_s = max_i p_{s,i} / Σ_u max_i p_{u,i}.
 *
 * The weight is the maximum even where the teacher is wrong; it does not depend on which class the teacher prefers.
 *
 * @param teacherLogits t, `[B, C]` float32, p = softmax(t)
 * @returns `[B]` float32, sums to 1, each in [1 / (C·B), C / B]; the caller disposes it
 * @throws LogitsError, EmptyBatchError for other logits
 */
export function confidenceWeights(teacherLogits: tf.Tensor2D): tf.Tensor1D {
  requireLogits('teacherLogits', teacherLogits);
  return tf.tidy(() => {
    const maximum = tf.softmax(teacherLogits).max(1); // [B]
    return maximum.div(maximum.sum()) as tf.Tensor1D;
  });
}
