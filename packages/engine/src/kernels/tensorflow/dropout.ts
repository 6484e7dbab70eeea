import * as tf from '@tensorflow/tfjs';
import type { NodeBackend } from './node-backend.js';

const kernelName = 'TensorPapersDropout';

/**
 * y = x / (1 − rate) where a mask drawn from the seed keeps the value, else 0.
 * Input x, float32; attributes rate in [0, 1) and seed, a whole number of 32 bits; output y of the shape of x.
 */
export const dropout: tf.KernelConfig = {
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs: { x }, attrs, backend }) => {
    const { rate, seed } = attrs as unknown as { rate: number; seed: number };
    const settings = new Float32Array(2);
    settings[0] = rate;
    new Uint32Array(settings.buffer)[1] = seed;
    const tensor = tf.tensor1d(settings);
    try {
      return (backend as unknown as NodeBackend).executeSingleOutput(kernelName, [], [x as tf.TensorInfo, tensor]);
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
