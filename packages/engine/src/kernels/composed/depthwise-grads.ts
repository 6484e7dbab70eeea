import * as tf from '@tensorflow/tfjs';
import { padImage, readPositions, type WindowInfo, windowPositions, writePositions } from './windows.js';

type Shape4D = [number, number, number, number];

function depthwiseInfo(input: Shape4D, filter: Shape4D, attrs: tf.NamedAttrMap | undefined): WindowInfo {
  const { strides, dilations, pad, dimRoundingMode } = attrs as unknown as tf.DepthwiseConv2dNativeBackpropFilterAttrs;
  return tf.backend_util.computeConv2DInfo(input, filter, strides, dilations, pad, dimRoundingMode, true);
}

/**
 * The gradient of a depthwise convolution w.r.t. its filter: df[i, j, c, m] = Σ x[b, y·s + i, x·s + j, c] · dy[b, y, x, c·M + m].
 * Inputs x `[B, h, w, c]`, dy `[B, oh, ow, c·M]`; output `[kh, kw, c, M]`.
 */
export const depthwiseFilterGrad = (backendName: string): tf.KernelConfig => ({
  kernelName: tf.DepthwiseConv2dNativeBackpropFilter,
  backendName,
  kernelFunc: ({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const { filterShape } = attrs as unknown as { filterShape: Shape4D };
    const info = depthwiseInfo(x.shape, filterShape, attrs);
    const [, , channels, multiplier] = filterShape;
    return tf.tidy(() => {
      const padded = padImage(x, info);
      const byChannel = tf.reshape(dy, [-1, channels, multiplier]);
      const slopes = readPositions(padded, info).map((seen) => {
        return tf.sum(tf.mul(tf.reshape(seen, [-1, channels, 1]), byChannel), 0);
      });
      return tf.reshape(tf.stack(slopes), filterShape);
    });
  },
});

/**
 * The gradient of a depthwise convolution w.r.t. its input.
 * Inputs dy `[B, oh, ow, c·M]`, filter `[kh, kw, c, M]`; output `[B, h, w, c]`.
 */
export const depthwiseInputGrad = (backendName: string): tf.KernelConfig => ({
  kernelName: tf.DepthwiseConv2dNativeBackpropInput,
  backendName,
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: tf.Tensor4D; filter: tf.Tensor4D };
    const { inputShape } = attrs as unknown as { inputShape: Shape4D };
    const info = depthwiseInfo(inputShape, filter.shape, attrs);
    const [, , channels, multiplier] = filter.shape;
    const [batch, outHeight, outWidth] = dy.shape;
    return tf.tidy(() => {
      const byChannel = tf.reshape(dy, [-1, channels, multiplier]);
      const shares = windowPositions(info).map(([row, column]) => {
        const weights = tf.reshape(tf.slice4d(filter, [row, column, 0, 0], [1, 1, channels, multiplier]), [
          1,
          channels,
          multiplier,
        ]);
        return tf.reshape(tf.sum(tf.mul(byChannel, weights), 2), [batch, outHeight, outWidth, channels]) as tf.Tensor4D;
      });
      return writePositions(shares, info);
    });
  },
});
