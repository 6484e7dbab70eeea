import * as tf from '@tensorflow/tfjs';
import { requireChannels, requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

const forwardName = 'TensorPapersBiasRelu';
const backwardName = 'TensorPapersBiasReluGrad';

/** y = max(z + bias, 0) in one pass. Inputs z `[…, C]`, bias `[C]`, float32; output `[…, C]`. */
export const biasRelu: tf.KernelConfig = {
  kernelName: forwardName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const { z, bias } = requireFloat32(forwardName, inputs, ['z', 'bias']);
    requireShape(forwardName, 'bias', bias, [requireChannels(forwardName, 'z', z)]);
    return (backend as unknown as NodeBackend).executeSingleOutput(forwardName, [], [z, bias]);
  },
};

/** dz = dy where y > 0, dbias = Σ dz over all axes but the last, in one pass. */
export const biasReluGrad: tf.KernelConfig = {
  kernelName: backwardName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const { y, dy } = requireFloat32(backwardName, inputs, ['y', 'dy']);
    requireShape(backwardName, 'dy', dy, y.shape);
    return (backend as unknown as NodeBackend).executeMultipleOutputs(backwardName, [], [y, dy], 2);
  },
};

export const biasReluGradient: tf.GradConfig = {
  kernelName: forwardName,
  outputsToSave: [true],
  gradFunc: (dy, saved) => {
    // Both at once, here: each closure below runs in a tidy of its own, and would compute them again.
    const [dz, dbias] = tf.engine().runKernel(backwardName, { y: saved[0]!, dy: dy as tf.Tensor }) as unknown as [
      tf.Tensor,
      tf.Tensor,
    ];
    return { z: () => dz, bias: () => dbias };
  },
};
