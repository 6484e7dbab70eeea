// REPLACE: the loss of your paper, a pure function of tensors. What is random in it comes in as an argument.
import * as tf from '@tensorflow/tfjs';
import { requireFinite, requireLabels, requireLabelValues, requireLogits } from './checks.js';
import { type SmoothingOptions, smoothedTargets } from './smoothed-targets.js';

/** Options of {@link smoothedCrossEntropy}. */
export interface SmoothedCrossEntropyOptions extends SmoothingOptions {
  /** Also checks values (finite logits, labels in range). Waits for the engine, so it is off by default. */
  readonly validate?: boolean;
}

/**
 * Cross-entropy with smoothed labels (section 7 of the paper): L = −(1/B) Σ_s Σ_k q′_{s,k} log p_{s,k}, p = softmax(z).
 *
 * Its gradient at the logits is (p − q′) / B. With ε = 0 it is the ordinary cross-entropy.
 *
 * @param logits z, `[B, C]` float32
 * @param labels y, `[B]` int32, 0 … C − 1
 * @returns a scalar in nats; the caller disposes it
 * @throws LogitsError, LabelsError for other shapes and dtypes; OptionError for ε outside [0, 1); with `validate` also
 * NonFiniteError, and LabelsError for labels outside the classes
 * @example
 * const loss = smoothedCrossEntropy(logits, labels, { smoothing: 0.1 });
 */
export function smoothedCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  { validate = false, ...smoothing }: SmoothedCrossEntropyOptions = {},
): tf.Scalar {
  const [batch, classes] = requireLogits(logits);
  requireLabels(labels, batch);
  if (validate) {
    requireFinite(logits.dataSync());
    requireLabelValues(labels.dataSync(), classes);
  }
  return tf.tidy(() => {
    const targets = smoothedTargets(labels, classes, smoothing); // [B, C]
    return targets.mul(tf.logSoftmax(logits)).sum(1).mean().neg() as tf.Scalar;
  });
}
