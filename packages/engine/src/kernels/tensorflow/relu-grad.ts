import * as tf from '@tensorflow/tfjs';
import { float32Attribute, type NodeBackend } from './node-backend.js';

const kernelName = 'ReluGrad';

/** TensorFlow's own kernel: dx = dy where y > 0, else 0. Inputs gradients dy and features y, float32 of one shape. */
export const reluGrad: tf.KernelConfig = {
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const node = backend as unknown as NodeBackend;
    return node.executeSingleOutput(kernelName, [float32Attribute(node)], [inputs.gradients!, inputs.features!]);
  },
};

function run(gradients: tf.Tensor, features: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel(kernelName, { gradients, features });
}

/**
 * The gradient of relu: one kernel where the backend has it, dy · step(y) otherwise (as TensorFlow.js composes it). The registry of
 * gradients is common to all backends, so the choice is made at each call.
 */
export const reluGradient: tf.GradConfig = {
  kernelName: tf.Relu,
  outputsToSave: [true],
  gradFunc: (dy, saved) => {
    const gradients = dy as tf.Tensor;
    const features = saved[0]!;
    return {
      x: () =>
        features.dtype === 'float32' && tf.getKernel(kernelName, tf.getBackend())
          ? run(gradients, features)
          : tf.mul(gradients, tf.cast(tf.step(features), 'float32')),
    };
  },
};

/** The gradient of the gradient: the kernel is linear in dy. */
export const reluGradGradient: tf.GradConfig = {
  kernelName,
  inputsToSave: ['features'],
  gradFunc: (dy, saved) => {
    const features = saved[0]!;
    return { gradients: () => run(dy as tf.Tensor, features), features: () => tf.zerosLike(features) };
  },
};
