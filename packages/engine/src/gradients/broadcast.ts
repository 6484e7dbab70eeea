import * as tf from '@tensorflow/tfjs';
import { sumToShape } from './sum-to-shape.js';

type Slope = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const asFloat = (condition: tf.Tensor) => tf.cast(condition, 'float32');

/** The gradient of an operation of two inputs that are broadcast; TensorFlow.js leaves out the sum over the broadcast axes. */
function broadcastGradient(kernelName: string, slopeOfA: Slope, slopeOfB: Slope): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      return {
        a: () => sumToShape(tf.mul(dy as tf.Tensor, slopeOfA(a, b)), a.shape),
        b: () => sumToShape(tf.mul(dy as tf.Tensor, slopeOfB(a, b)), b.shape),
      };
    },
  };
}

/** max(a, b): to a where a ≥ b. */
export const maximumGradient = broadcastGradient(
  tf.Maximum,
  (a, b) => asFloat(tf.greaterEqual(a, b)),
  (a, b) => asFloat(tf.less(a, b)),
);

/** min(a, b): to a where a ≤ b. */
export const minimumGradient = broadcastGradient(
  tf.Minimum,
  (a, b) => asFloat(tf.lessEqual(a, b)),
  (a, b) => asFloat(tf.greater(a, b)),
);

/** (a − b)²: 2(a − b) and its negative. */
export const squaredDifferenceGradient = broadcastGradient(
  tf.SquaredDifference,
  (a, b) => tf.mul(2, tf.sub(a, b)),
  (a, b) => tf.mul(2, tf.sub(b, a)),
);

/** Matrix products in batches, with the sum over broadcast batches that TensorFlow.js leaves out. */
export const batchMatMulGradient: tf.GradConfig = {
  kernelName: tf.BatchMatMul,
  inputsToSave: ['a', 'b'],
  gradFunc: (gradient, saved, attrs) => {
    const dy = gradient as tf.Tensor;
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const { transposeA, transposeB } = attrs as unknown as tf.BatchMatMulAttrs;
    return {
      a: () =>
        sumToShape(transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB), a.shape),
      b: () =>
        sumToShape(transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false), b.shape),
    };
  },
};
