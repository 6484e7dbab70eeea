import * as tf from '@tensorflow/tfjs';

/**
 * −Σ_c w_c log q_c over the last axis, q = softmax(z), with gradient w.r.t. z of q Σ_c w_c − w.
 *
 * One custom gradient for the whole term: none reaches the targets, and logits of ±1e4 stay finite.
 *
 * @param logits z, `[…, C]` @param targets w, of the same shape @returns `[…]`
 */
export function softTargetCrossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((z, save) => {
    const logQ = tf.logSoftmax(z as tf.Tensor);
    (save as tf.GradSaveFunc)([logQ, targets]);
    return {
      value: tf.neg(tf.sum(tf.mul(targets, logQ), -1)),
      gradFunc: (dy, saved) => {
        const [savedLogQ, w] = saved as [tf.Tensor, tf.Tensor];
        const mass = tf.sum(w, -1, true); // […, 1]
        return tf.mul(tf.sub(tf.mul(tf.exp(savedLogQ), mass), w), tf.expandDims(dy as tf.Tensor, -1));
      },
    };
  });
  return withGradient(logits);
}
