import * as tf from '@tensorflow/tfjs';
import { OpShapeError } from './errors.js';
import { requireDtype, requireOneOf, requirePositiveInteger, requireShape } from './require-argument.js';
import { withGradient } from './with-gradient.js';

/** Options of {@link atrousConvolution2d}. */
export interface AtrousConvolution2dOptions {
  /** Distance between the taps of the filter, for height and width or for each. */
  readonly dilation: number | readonly [number, number];
  /** `'same'` (default): as large as x, with zeros around it; `'valid'`: where the whole filter lies on x. */
  readonly padding?: 'same' | 'valid';
}

type Amounts = [number, number];

/**
 * Atrous (dilated) convolution of stride 1, with the gradients that `tf.conv2d` refuses.
 *
 * y[b, i, j, o] = Σ_{u,v,c} x[b, i + u·d_h − top, j + v·d_w − left, c] · filter[u, v, c, o]; for `'same'`, top = ⌊(k_h − 1)·d_h / 2⌋.
 *
 * dx is a convolution of dy with the rotated filter at the same dilation; dfilter is a convolution of x (channels as batch) with dy (batch
 * as channels) at stride d. Neither needs a gradient kernel of the backend.
 *
 * @param x float32 `[B, h, w, C]`
 * @param filter float32 `[k_h, k_w, C, O]`
 * @returns float32 `[B, h', w', O]`, h' = h, or h − (k_h − 1)·d_h for `'valid'`; the caller disposes it
 * @throws OpDtypeError, OpShapeError, OpOptionError
 */
export function atrousConvolution2d(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  { dilation, padding = 'same' }: AtrousConvolution2dOptions,
): tf.Tensor4D {
  requireDtype('atrousConvolution2d: x', x, 'float32');
  requireDtype('atrousConvolution2d: filter', filter, 'float32');
  requireShape('atrousConvolution2d: x', x.shape, ['B', 'h', 'w', 'C']);
  requireShape('atrousConvolution2d: filter', filter.shape, ['k_h', 'k_w', x.shape[3], 'O']);
  requireOneOf('atrousConvolution2d: padding', padding, ['same', 'valid']);
  const dilations: Amounts = typeof dilation === 'number' ? [dilation, dilation] : [...dilation];
  for (const amount of dilations) requirePositiveInteger('atrousConvolution2d: dilation', amount);

  // How far the filter reaches beyond its first tap, and how much of that lies above and left.
  const reach: Amounts = [(filter.shape[0] - 1) * dilations[0], (filter.shape[1] - 1) * dilations[1]];
  const before: Amounts = padding === 'same' ? [Math.floor(reach[0] / 2), Math.floor(reach[1] / 2)] : [0, 0];
  const after: Amounts = padding === 'same' ? [reach[0] - before[0], reach[1] - before[1]] : [0, 0];
  if (padding === 'valid' && (x.shape[1] <= reach[0] || x.shape[2] <= reach[1])) {
    throw new OpShapeError(
      `atrousConvolution2d: x: expected at least [${reach[0] + 1}, ${reach[1] + 1}] pixels for the dilated filter, ` +
        `got [${x.shape[1]}, ${x.shape[2]}]; use the padding 'same' or a smaller dilation`,
    );
  }

  return withGradient(
    [x, filter],
    [x, filter],
    () => tf.conv2d(x, filter, 1, padding, 'NHWC', dilations),
    (dy, kept) => {
      const [image, weights] = kept as [tf.Tensor4D, tf.Tensor4D];
      const rotated = tf.transpose(tf.reverse(weights, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D; // [k_h, k_w, O, C]
      const around = pad(dy, [reach[0] - before[0], reach[1] - before[1]], [reach[0] - after[0], reach[1] - after[1]]);
      const dx = atrousConvolution2d(around, rotated, { dilation: dilations, padding: 'valid' });

      const channelsAsBatch = tf.transpose(pad(image, before, after), [3, 1, 2, 0]) as tf.Tensor4D; // [C, h + …, w + …, B]
      const batchAsChannels = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D; // [h', w', B, O]
      const dFilter = tf.conv2d(channelsAsBatch, batchAsChannels, dilations, 'valid'); // [C, k_h, k_w, O]
      return [dx, tf.transpose(dFilter, [1, 2, 0, 3])];
    },
  );
}

/** Zeros around the pixels of x `[B, h, w, C]`. */
function pad(x: tf.Tensor4D, before: Amounts, after: Amounts): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [before[0], after[0]],
    [before[1], after[1]],
    [0, 0],
  ]) as tf.Tensor4D;
}
