import * as tf from '@tensorflow/tfjs';
import { requireLogits, requireSameShape } from './checks.js';
import { requireTemperature } from './targets.js';

/**
 * H(p) = −Σ_i p_i log p_i of p = softmax(t), per sample: what {@link banLoss} in mode `ban` cannot fall below.
 *
 * @param logits t, `[B, C]` float32
 * @returns `[B]` float32 in nats, 0 for a one-hot row; the caller disposes it
 * @throws LogitsError, EmptyBatchError for other logits
 */
export function entropy(logits: tf.Tensor2D): tf.Tensor1D {
  requireLogits('logits', logits);
  return tf.tidy(() => {
    const logP = tf.logSoftmax(logits);
    return logP.exp().mul(logP).sum(1).neg() as tf.Tensor1D;
  });
}

/**
 * KL(p ‖ q) = Σ_i p_i (log p_i − log q_i) per sample, p = softmax(t / T), q = softmax(z / T): 0 is perfect imitation.
 *
 * Mode `ban`'s loss is its mean plus the teacher's mean {@link entropy}; both have the same gradient.
 *
 * @param studentLogits z, `[B, C]` float32
 * @param teacherLogits t, `[B, C]` float32
 * @returns `[B]` float32 in nats; the caller disposes it
 * @throws LogitsError, EmptyBatchError, ClassCountError for other shapes; OptionError for a temperature ≤ 0
 */
export function klDivergence(
  studentLogits: tf.Tensor2D,
  teacherLogits: tf.Tensor2D,
  { temperature = 1 }: { readonly temperature?: number } = {},
): tf.Tensor1D {
  requireSameShape(studentLogits, teacherLogits);
  requireTemperature('ban', temperature);
  return tf.tidy(() => {
    const logP = tf.logSoftmax(teacherLogits.div<tf.Tensor2D>(temperature));
    const logQ = tf.logSoftmax(studentLogits.div<tf.Tensor2D>(temperature));
    return logP.exp().mul(logP.sub(logQ)).sum(1) as tf.Tensor1D;
  });
}
