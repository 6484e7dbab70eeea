import * as tf from '@tensorflow/tfjs';

const isOne = (value: number | number[]) => (Array.isArray(value) ? value.every((each) => each === 1) : value === 1);

/**
 * Convolution, atrous convolution included, whose gradient TensorFlow.js refuses.
 *
 * With dilation d and stride 1: dfilter is a convolution of x (channels as batch) with dy (batch as channels) at stride d; dx is a
 * convolution of dy with the rotated filter at dilation d.
 */
export const conv2DGradient: tf.GradConfig = {
  kernelName: tf.Conv2D,
  inputsToSave: ['x', 'filter'],
  gradFunc: (gradient, saved, attrs) => {
    const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
    const dy = gradient as tf.Tensor4D;
    const { strides, pad, dataFormat, dilations, dimRoundingMode } = attrs as unknown as tf.Conv2DAttrs;
    const shared = { strides, pad, dataFormat, dimRoundingMode };
    const run = (name: string, inputs: tf.NamedTensorMap, extra: object) =>
      tf.engine().runKernel(name, inputs, { ...shared, ...extra } as unknown as tf.NamedAttrMap) as tf.Tensor;
    if (isOne(dilations)) {
      return {
        x: () => run(tf.Conv2DBackpropInput, { dy, filter }, { inputShape: x.shape }),
        filter: () => run(tf.Conv2DBackpropFilter, { x, dy }, { filterShape: filter.shape }),
      };
    }
    if (dataFormat !== 'NHWC') throw new Error(`gradient of conv2d: expected NHWC with dilations, got ${dataFormat}`);
    const info = tf.backend_util.computeConv2DInfo(x.shape, filter.shape, strides, dilations, pad, dimRoundingMode);
    const { padInfo, dilationHeight, dilationWidth, filterHeight, filterWidth } = info;
    const [, height, width] = x.shape;
    return {
      x: () => {
        const reachY = (filterHeight - 1) * dilationHeight;
        const reachX = (filterWidth - 1) * dilationWidth;
        const rotated = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
        const full = tf.pad(dy, [
          [0, 0],
          [reachY, reachY],
          [reachX, reachX],
          [0, 0],
        ]) as tf.Tensor4D;
        const padded = tf.conv2d(full, rotated, 1, 'valid', 'NHWC', [dilationHeight, dilationWidth]);
        return tf.slice(padded, [0, padInfo.top, padInfo.left, 0], [x.shape[0], height, width, x.shape[3]]);
      },
      filter: () => {
        const padded = tf.pad(x, [
          [0, 0],
          [padInfo.top, padInfo.bottom],
          [padInfo.left, padInfo.right],
          [0, 0],
        ]);
        const image = tf.transpose(padded, [3, 1, 2, 0]) as tf.Tensor4D;
        const kernel = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
        const result = tf.conv2d(image, kernel, [dilationHeight, dilationWidth], 'valid');
        const cut = tf.slice(result, [0, 0, 0, 0], [filter.shape[2], filterHeight, filterWidth, filter.shape[3]]);
        return tf.transpose(cut, [1, 2, 0, 3]);
      },
    };
  },
};
