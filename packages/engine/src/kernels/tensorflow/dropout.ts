import * as tf from '@tensorflow/tfjs';
import { KernelInputError } from '../../errors.js';
import { requireFloat32 } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

const kernelName = 'TensorPapersDropout';

/**
 * y = x / (1 − rate) where a mask drawn from the seed keeps the value, else 0.
 * Input x, float32; attributes rate in [0, 1) and seed, a whole number of 32 bits; output y of the shape of x.
 */
export const dropout: tf.KernelConfig = {
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { x } = requireFloat32(kernelName, inputs, ['x']);
    const { rate, seed } = attrs as unknown as { rate: number; seed: number };
    if (!(rate >= 0 && rate < 1)) throw new KernelInputError(`${kernelName}: rate: expected 0 ≤ rate < 1, got ${rate}`);
    const settings = new Float32Array(2);
    settings[0] = rate;
    new Uint32Array(settings.buffer)[1] = seed;
    const tensor = tf.tensor1d(settings);
    try {
      return (backend as unknown as NodeBackend).executeSingleOutput(kernelName, [], [x, tensor]);
    } finally {
      tensor.dispose();
    }
  },
};

/** The same mask again, on dy. */
export const dropoutGradient: tf.GradConfig = {
  kernelName,
  gradFunc: (dy, _saved, attrs) => ({ x: () => tf.engine().runKernel(kernelName, { x: dy as tf.Tensor }, attrs) }),
};
