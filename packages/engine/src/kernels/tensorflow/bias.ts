import * as tf from '@tensorflow/tfjs';
import { requireChannels, requireFloat32, requireShape } from './check-inputs.js';
import { float32Attribute, type NodeBackend } from './node-backend.js';

const kernelName = 'TensorPapersBias';

/** z + bias. Inputs z `[…, C]`, bias `[C]`, float32; output `[…, C]`. */
export const bias: tf.KernelConfig = {
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const node = backend as unknown as NodeBackend;
    const { z, bias } = requireFloat32(kernelName, inputs, ['z', 'bias']);
    requireShape(kernelName, 'bias', bias, [requireChannels(kernelName, 'z', z)]);
    const format = { name: 'data_format', type: node.binding.TF_ATTR_STRING, value: 'NHWC' };
    return node.executeSingleOutput('BiasAdd', [float32Attribute(node), format], [z, bias]);
  },
};

export const biasGradient: tf.GradConfig = {
  kernelName,
  gradFunc: (dys) => {
    const dy = dys as tf.Tensor;
    return {
      z: () => tf.clone(dy),
      bias: () =>
        tf.sum(
          dy,
          Array.from({ length: dy.rank - 1 }, (_, axis) => axis),
        ),
    };
  },
};
