import * as tf from '@tensorflow/tfjs';
import { requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

/**
 * The gradient of max pooling with this package's own operation: the first maximum of a window takes the window's gradient.
 * Inputs dy `[B, oh, ow, c]` and input `[B, h, w, c]`, float32; output `[B, h, w, c]`.
 */
export const maxPoolGrad: tf.KernelConfig = {
  kernelName: tf.MaxPoolGrad,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const node = backend as unknown as NodeBackend;
    const { dy, input } = requireFloat32(tf.MaxPoolGrad, inputs, ['dy', 'input']);
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.MaxPoolGradAttrs;
    const info = tf.backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    requireShape(tf.MaxPoolGrad, 'dy', dy, info.outShape);
    const attribute = (name: string, value: number) => ({ name, type: node.binding.TF_ATTR_INT, value });
    return node.executeSingleOutput(
      'TensorPapersMaxPoolGrad',
      [
        attribute('height', info.filterHeight),
        attribute('width', info.filterWidth),
        attribute('stride_height', info.strideHeight),
        attribute('stride_width', info.strideWidth),
        attribute('top', info.padInfo.top),
        attribute('left', info.padInfo.left),
      ],
      [input, dy],
    );
  },
};
