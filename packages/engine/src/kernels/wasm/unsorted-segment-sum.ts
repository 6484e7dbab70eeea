import * as tf from '@tensorflow/tfjs';

/**
 * Sums rows by segment: out[k] = Σ_{i: ids[i] = k} x[i]. The gradient of `gather`.
 *
 * Inputs x `[n, …]`, segmentIds `[n]` int32; output `[numSegments, …]`.
 */
export const unsortedSegmentSum: tf.KernelConfig = {
  kernelName: tf.UnsortedSegmentSum,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, segmentIds } = inputs as unknown as { x: tf.Tensor; segmentIds: tf.Tensor1D };
    const { numSegments } = attrs as unknown as tf.UnsortedSegmentSumAttrs;
    return tf.tidy(() => tf.scatterND(tf.expandDims(segmentIds, 1), x, [numSegments, ...x.shape.slice(1)]));
  },
};
