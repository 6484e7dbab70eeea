import * as tf from '@tensorflow/tfjs';
import { arePairs, padImage, readPositions, type WindowInfo, windowPositions, writePositions } from './windows.js';

function poolInfo(x: tf.Tensor4D, attrs: tf.NamedAttrMap | undefined): WindowInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as tf.MaxPoolGradAttrs;
  return tf.backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** Four quarters back into one image: `[B, oh, ow, c]` each → `[B, 2·oh, 2·ow, c]`. */
function interleave([a, b, c, d]: readonly tf.Tensor4D[]): tf.Tensor4D {
  const [batch, height, width, channels] = a!.shape;
  const row = (left: tf.Tensor4D, right: tf.Tensor4D) =>
    tf.reshape(tf.concat([left, right], 3), [batch * height, 2 * width * channels]);
  const rows = tf.concat([row(a!, b!), row(c!, d!)], 1);
  return tf.reshape(rows, [batch, 2 * height, 2 * width, channels]);
}

/**
 * The gradient of max pooling: the first maximum of a window takes the window's gradient.
 * Inputs dy `[B, oh, ow, c]`, input `[B, h, w, c]`, output `[B, oh, ow, c]`; output `[B, h, w, c]`.
 */
export const maxPoolGrad = (backendName: string): tf.KernelConfig => ({
  kernelName: tf.MaxPoolGrad,
  backendName,
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, input, output } = inputs as unknown as { dy: tf.Tensor4D; input: tf.Tensor4D; output: tf.Tensor4D };
    const info = poolInfo(input, attrs);
    return tf.tidy(() => {
      const padded = padImage(input, info, -3e38);
      let free: tf.Tensor | null = null;
      const shares = readPositions(padded, info).map((seen) => {
        const isMaximum = tf.cast(tf.equal(seen, output), 'float32');
        const taken = free === null ? isMaximum : tf.mul(isMaximum, free);
        free = free === null ? tf.sub(1, isMaximum) : tf.sub(free, taken);
        return tf.mul(dy, taken) as tf.Tensor4D;
      });
      return arePairs(info) ? interleave(shares) : writePositions(shares, info);
    });
  },
});

/**
 * The gradient of average pooling: every pixel of a window gets an equal share; padding does not count.
 * Inputs dy `[B, oh, ow, c]` and input `[B, h, w, c]`; output `[B, h, w, c]`.
 */
export const avgPoolGrad = (backendName: string): tf.KernelConfig => ({
  kernelName: tf.AvgPoolGrad,
  backendName,
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, input } = inputs as unknown as { dy: tf.Tensor4D; input: tf.Tensor4D };
    const info = poolInfo(input, attrs);
    return tf.tidy(() => {
      const ones = padImage(tf.ones([1, info.inHeight, info.inWidth, 1]), info);
      const counts = tf.addN(readPositions(ones, info));
      const share = tf.div(dy, counts) as tf.Tensor4D;
      const shares = windowPositions(info).map(() => share);
      return arePairs(info) ? interleave(shares) : writePositions(shares, info);
    });
  },
});
