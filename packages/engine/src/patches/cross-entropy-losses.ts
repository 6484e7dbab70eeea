import * as tf from '@tensorflow/tfjs';
import type { Patch } from './patch.js';

/** The arguments of `tf.losses.softmaxCrossEntropy` and of `tf.losses.sigmoidCrossEntropy`. */
type LossArguments = [
  labels: tf.TensorLike | tf.Tensor,
  logits: tf.TensorLike | tf.Tensor,
  weights?: tf.TensorLike | tf.Tensor | null,
  labelSmoothing?: number,
  reduction?: number,
];

/** Sum over the losses of a non-zero weight, divided by their number: TensorFlow.js' default. */
const sumByNonzeroWeights = 3;

/**
 * A loss whose value and slope come from one kernel.
 *
 * @param smooth what a labels' share of all classes is, where labels are smoothed
 */
function crossEntropy(
  method: 'softmaxCrossEntropy' | 'sigmoidCrossEntropy',
  kernelName: string,
  serves: (logits: tf.Tensor) => boolean,
  smooth: (logits: tf.Tensor) => number,
): Patch {
  return {
    name: `tf.losses.${method}`,
    target: () => tf.losses,
    method,
    replace:
      (stock) =>
      (...call: LossArguments) => {
        const [labels, logits, weights, labelSmoothing = 0, reduction = sumByNonzeroWeights] = call;
        const fits =
          labels instanceof tf.Tensor &&
          logits instanceof tf.Tensor &&
          labels.dtype !== 'string' &&
          logits.dtype === 'float32' &&
          logits.size > 0 &&
          serves(logits) &&
          tf.util.arraysEqual(labels.shape, logits.shape) &&
          tf.getKernel(kernelName, tf.getBackend());
        // The kernels have no second derivative; the composed losses do.
        const { gradientDepth } = (tf.engine() as unknown as { state: { gradientDepth: number } }).state;
        if (!fits || gradientDepth > 1) return stock(...call);
        return tf.tidy(() => {
          const exact = tf.cast(labels, 'float32');
          const targets =
            labelSmoothing > 0 ? tf.add(tf.mul(exact, 1 - labelSmoothing), labelSmoothing * smooth(logits)) : exact;
          const [losses] = tf.engine().runKernel(kernelName, { logits, labels: targets }) as unknown as [tf.Tensor];
          return tf.losses.computeWeightedLoss(losses, weights ?? undefined, reduction);
        });
      },
  };
}

export const softmaxCrossEntropyLoss = crossEntropy(
  'softmaxCrossEntropy',
  'TensorPapersSoftmaxCrossEntropy',
  ({ rank }) => rank === 2,
  ({ shape }) => 1 / shape[1]!,
);

export const sigmoidCrossEntropyLoss = crossEntropy(
  'sigmoidCrossEntropy',
  'TensorPapersSigmoidCrossEntropy',
  () => true,
  () => 0.5,
);
