import * as tf from '@tensorflow/tfjs';
import { softTargetCrossEntropy } from './cross-entropy.js';
import { ShapeError } from './errors.js';
import { headNumbers } from './heads.js';

/**
 * The joint loss of module initialisation and diversity augmentation: a mean over examples, a sum over heads.
 *
 *     Loss = (1/B) Σ_l Σ_v L_y(z_v(x_l), ŷ_l^v),   L_y = cross-entropy with a soft target
 *
 * Each head gets the gradient of its own term, a shared trunk that of all three.
 *
 * @param headLogits z_1, z_2, z_3, each `[B, C]` float32
 * @param targets `[3, B, C]` float32, from {@link smearLabels}; no gradient goes to them
 * @returns a scalar in nats; the caller disposes it
 * @throws ShapeError for other shapes or an empty batch
 * @example
 * const loss = jointLoss(heads.map((head) => head.apply(h) as tf.Tensor2D), targets);
 */
export function jointLoss(headLogits: readonly tf.Tensor2D[], targets: tf.Tensor3D): tf.Scalar {
  return tf.tidy(() => tf.mean(tf.sum(jointLossPerSample(headLogits, targets), 0)) as tf.Scalar);
}

/**
 * The terms of {@link jointLoss}: cross-entropy of each head and example.
 *
 * @returns `[3, B]` float32 in nats; the caller disposes it
 * @throws as {@link jointLoss}
 */
export function jointLossPerSample(headLogits: readonly tf.Tensor2D[], targets: tf.Tensor3D): tf.Tensor2D {
  const [first] = headLogits;
  if (headLogits.length !== headNumbers.length || first === undefined) {
    throw new ShapeError(`jointLoss: expected the logits of 3 heads, got ${headLogits.length}`);
  }
  for (const logits of headLogits) requireLogits('jointLoss', logits, first.shape);
  requireShape('jointLoss: targets', targets, [headNumbers.length, ...first.shape]);
  return tf.tidy(() => softTargetCrossEntropy(tf.stack([...headLogits]), targets) as tf.Tensor2D);
}

/**
 * The loss of one head on hard or soft targets: (1/B) Σ_l L_y(z(x_l), w_l).
 *
 * @param logits z, `[B, C]` float32
 * @param targets w, `[B, C]` float32 (one-hot for labels and pseudo-labels); no gradient goes to them
 * @returns a scalar in nats; the caller disposes it
 * @throws ShapeError for other shapes or an empty batch
 */
export function headLoss(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  requireLogits('headLoss', logits, logits.shape);
  requireShape('headLoss: targets', targets, logits.shape);
  return tf.tidy(() => tf.mean(softTargetCrossEntropy(logits, targets)) as tf.Scalar);
}

function requireLogits(what: string, logits: tf.Tensor, shape: readonly number[]): void {
  if (logits.rank !== 2 || logits.size === 0) {
    throw new ShapeError(`${what}: expected logits [B, C] with at least one row, got [${logits.shape.join(', ')}]`);
  }
  requireShape(`${what}: logits`, logits, shape);
}

function requireShape(what: string, tensor: tf.Tensor, shape: readonly number[]): void {
  if (tensor.dtype !== 'float32' || tensor.shape.join() !== shape.join()) {
    throw new ShapeError(
      `${what}: expected [${shape.join(', ')}] float32, got [${tensor.shape.join(', ')}] ${tensor.dtype}`,
    );
  }
}
