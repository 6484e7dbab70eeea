import * as tf from '@tensorflow/tfjs';
import type { NodeBackend, OperationAttribute } from './node-backend.js';

const forwardName = 'TensorPapersBatchNorm';
const backwardName = 'TensorPapersBatchNormGrad';

function epsilonAttribute({ binding }: NodeBackend, attrs: tf.NamedAttrMap | undefined): OperationAttribute[] {
  return [{ name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: attrs?.epsilon }];
}

/**
 * Batch normalisation in training over the last axis: y = scale · (x − mean) / √(variance + ε) + offset with the batch's own moments.
 *
 * Inputs x `[…, C]`, scale and offset `[C]`, float32; attribute epsilon; outputs y, mean and (biased) variance.
 */
export const batchNorm: tf.KernelConfig = {
  kernelName: forwardName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs: { x, scale, offset }, attrs, backend }) => {
    const node = backend as unknown as NodeBackend;
    return node.executeMultipleOutputs(forwardName, epsilonAttribute(node, attrs), [x!, scale!, offset!], 3);
  },
};

/** Its gradients w.r.t. x, scale and offset, from dy alone: the moments are side outputs without a gradient. */
export const batchNormGrad: tf.KernelConfig = {
  kernelName: backwardName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs: { x, dy, scale, mean, variance }, attrs, backend }) => {
    const node = backend as unknown as NodeBackend;
    return node.executeMultipleOutputs(
      backwardName,
      epsilonAttribute(node, attrs),
      [x!, dy!, scale!, mean!, variance!],
      3,
    );
  },
};

export const batchNormGradient: tf.GradConfig = {
  kernelName: forwardName,
  inputsToSave: ['x', 'scale'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [x, scale, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const dy = (dys as tf.Tensor[])[0]!;
    // All three at once, here: each closure below runs in a tidy of its own, and would compute them again.
    const [dx, dscale, doffset] = tf
      .engine()
      .runKernel(backwardName, { x, dy, scale, mean, variance }, attrs) as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { x: () => dx, scale: () => dscale, offset: () => doffset };
  },
};
