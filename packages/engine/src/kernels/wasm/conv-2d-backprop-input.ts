import * as tf from '@tensorflow/tfjs';
import { spread } from '../composed/windows.js';

/**
 * The gradient of a convolution w.r.t. its input, as a convolution of dy with the rotated filter; the stock kernel is twenty times slower.
 *
 * dx = conv(spread(dy, stride), rot180(filter)ᵀ). Inputs dy `[B, oh, ow, o]`, filter `[kh, kw, c, o]`; output `[B, h, w, c]`.
 */
export const conv2DBackpropInput: tf.KernelConfig = {
  kernelName: tf.Conv2DBackpropInput,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: tf.Tensor4D; filter: tf.Tensor4D };
    const { strides, pad, dataFormat, dimRoundingMode, inputShape } = attrs as unknown as tf.Conv2DBackpropInputAttrs;
    if (dataFormat !== 'NHWC') {
      throw new Error(`Conv2DBackpropInput: expected dataFormat NHWC on wasm, got ${dataFormat}`);
    }
    const info = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad, dimRoundingMode);
    const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth, inHeight, inWidth } = info;
    return tf.tidy(() => {
      const wide = spread(dy, strideHeight, strideWidth);
      const [, height, width] = wide.shape;
      const top = filterHeight - 1 - padInfo.top;
      const left = filterWidth - 1 - padInfo.left;
      const padded = tf.pad4d(wide, [
        [0, 0],
        [top, inHeight - height - top + filterHeight - 1],
        [left, inWidth - width - left + filterWidth - 1],
        [0, 0],
      ]);
      const rotated = tf.transpose(tf.reverse4d(filter, [0, 1]), [0, 1, 3, 2]);
      return tf.conv2d(padded, rotated, 1, 'valid');
    });
  },
};
