import * as tf from '@tensorflow/tfjs';

/** Cumulative sums: the cumulative sum of dy from the other end. TensorFlow.js transposes it where the axis is not the last. */
export const cumsumGradient: tf.GradConfig = {
  kernelName: tf.Cumsum,
  gradFunc: (dy, _saved, attrs) => {
    const { axis, exclusive, reverse } = attrs as unknown as tf.CumsumAttrs;
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
  },
};
