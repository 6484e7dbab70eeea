import * as tf from '@tensorflow/tfjs';
import { gradientDepth } from '../gradient-depth.js';
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

/** How the losses of the examples come about. */
interface Losses {
  /** The kernel that makes the losses, or their mean, and the slope in one pass. */
  readonly kernelName: string;
  /** Whether the kernel takes such logits. */
  serves(logits: tf.Tensor): boolean;
  composed(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor;
}

/** The kernels have no second derivative. */
const kernelServes = ({ kernelName, serves }: Losses, logits: tf.Tensor) =>
  gradientDepth() <= 1 && logits.size > 0 && serves(logits) && Boolean(tf.getKernel(kernelName, tf.getBackend()));

function runKernel({ kernelName }: Losses, labels: tf.Tensor, logits: tf.Tensor, mean: boolean): tf.Tensor {
  const [losses] = tf.engine().runKernel(kernelName, { logits, labels }, { mean }) as unknown as [tf.Tensor];
  return losses;
}

/**
 * A cross-entropy of TensorFlow.js with other losses of the examples; weights, smoothing and reduction stay what they are.
 *
 * @param smooth the share of each label that smoothing gives to all alike
 */
function crossEntropy(
  method: 'softmaxCrossEntropy' | 'sigmoidCrossEntropy',
  losses: Losses,
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
          logits.rank > 0 &&
          tf.util.arraysEqual(labels.shape, logits.shape);
        if (!fits) return stock(...call);
        return tf.tidy(() => {
          const exact = tf.cast(labels, 'float32');
          const targets =
            labelSmoothing > 0 ? tf.add(tf.mul(exact, 1 - labelSmoothing), labelSmoothing * smooth(logits)) : exact;
          const isServed = kernelServes(losses, logits);
          const isMean = !weights && (reduction === sumByNonzeroWeights || reduction === tf.Reduction.MEAN);
          if (isServed && isMean) return runKernel(losses, targets, logits, true);
          const each = isServed ? runKernel(losses, targets, logits, false) : losses.composed(targets, logits);
          return tf.losses.computeWeightedLoss(each, weights ?? undefined, reduction);
        });
      },
  };
}

/** −Σ labels · log softmax(logits). The stock loss gives labels the gradient of the logits with its sign turned. */
export const softmaxCrossEntropyLoss = crossEntropy(
  'softmaxCrossEntropy',
  {
    kernelName: 'TensorPapersSoftmaxCrossEntropy',
    serves: ({ rank }) => rank === 2,
    composed: (labels, logits) => tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), -1)),
  },
  ({ shape }) => 1 / shape[1]!,
);

/** max(x, 0) − x · label + log(1 + e^−|x|). */
export const sigmoidCrossEntropyLoss = crossEntropy(
  'sigmoidCrossEntropy',
  {
    kernelName: 'TensorPapersSigmoidCrossEntropy',
    serves: () => true,
    composed: (labels, logits) =>
      tf.add(tf.sub(tf.relu(logits), tf.mul(logits, labels)), tf.log1p(tf.exp(tf.neg(tf.abs(logits))))),
  },
  () => 0.5,
);
