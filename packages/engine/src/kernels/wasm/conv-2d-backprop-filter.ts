import * as tf from '@tensorflow/tfjs';

/**
 * The gradient of a convolution w.r.t. its filter, as a convolution.
 *
 * df[i, j, c, o] = Σ_{b,y,x} x[b, y·s + i, x·s + j, c] · dy[b, y, x, o]: the image is x with channels in the place of the batch, the
 * filter is dy with the batch in the place of channels, and the stride becomes a dilation.
 * Inputs x `[B, h, w, c]`, dy `[B, oh, ow, o]`; output `[kh, kw, c, o]`.
 */
export const conv2DBackpropFilter: tf.KernelConfig = {
  kernelName: tf.Conv2DBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
    if (dataFormat !== 'NHWC') {
      throw new Error(`Conv2DBackpropFilter: expected dataFormat NHWC on wasm, got ${dataFormat}`);
    }
    const { padInfo, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(
      x.shape,
      filterShape,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const [kernelHeight, kernelWidth, inChannels, outChannels] = filterShape;
    return tf.tidy(() => {
      const { top, bottom, left, right } = padInfo;
      const padded = tf.pad4d(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
      const image = tf.transpose(padded, [3, 1, 2, 0]); // [c, h, w, B]
      const filter = tf.transpose(dy, [1, 2, 0, 3]); // [oh, ow, B, o]
      const gradient = tf.conv2d(image, filter, 1, 'valid', 'NHWC', [strideHeight, strideWidth]);
      // Rows and columns that no window reached are left over at the end.
      const cut = tf.slice4d(gradient, [0, 0, 0, 0], [inChannels, kernelHeight, kernelWidth, outChannels]);
      return tf.transpose(cut, [1, 2, 0, 3]);
    });
  },
};
