import * as tf from '@tensorflow/tfjs';

/** Where the windows of a pooling or convolution lie; what `tf.backend_util` computes. */
export type WindowInfo = Pick<
  ReturnType<typeof tf.backend_util.computePool2DInfo>,
  | 'inHeight'
  | 'inWidth'
  | 'outHeight'
  | 'outWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'dilationHeight'
  | 'dilationWidth'
  | 'filterHeight'
  | 'filterWidth'
  | 'padInfo'
>;

/** The positions inside a window, row by row. */
export function windowPositions({ filterHeight, filterWidth }: WindowInfo): [row: number, column: number][] {
  return Array.from({ length: filterHeight * filterWidth }, (_, i) => [Math.floor(i / filterWidth), i % filterWidth]);
}

/** The image `[B, h, w, c]` with the padding of the windows. */
export function padImage(x: tf.Tensor4D, { padInfo }: WindowInfo, value = 0): tf.Tensor4D {
  const { top, bottom, left, right } = padInfo;
  if (top + bottom + left + right === 0) return x;
  return tf.pad4d(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

/** Whether the windows are 2 × 2, do not overlap and cover the image. */
export function arePairs(info: WindowInfo): boolean {
  return (
    info.filterHeight === 2 &&
    info.filterWidth === 2 &&
    info.strideHeight === 2 &&
    info.strideWidth === 2 &&
    info.inHeight === 2 * info.outHeight &&
    info.inWidth === 2 * info.outWidth
  );
}

/** The four pixels of every 2 × 2 window, by contiguous slices: strided ones are very slow on wasm. */
function readPairs(x: tf.Tensor4D): tf.Tensor4D[] {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height / 2, width / 2];
  const half = (values: tf.Tensor, count: number, length: number, second: number) =>
    tf.slice2d(tf.reshape(values, [count, 2 * length]), [0, second * length], [count, length]);
  return [0, 1].flatMap((row) => {
    const lines = half(x, batch * rows, width * channels, row);
    return [0, 1].map((column) =>
      tf.reshape<tf.Rank.R4>(half(lines, batch * rows * columns, channels, column), [batch, rows, columns, channels]),
    );
  });
}

/** What every window sees at each of its positions: `[B, oh, ow, c]` each, out of a padded image. */
export function readPositions(padded: tf.Tensor4D, info: WindowInfo): tf.Tensor4D[] {
  if (arePairs(info)) return readPairs(padded);
  return windowPositions(info).map(([row, column]) => readPosition(padded, info, row, column));
}

/** What every window sees at one of its positions: `[B, oh, ow, c]` out of a padded image. */
function readPosition(padded: tf.Tensor4D, info: WindowInfo, row: number, column: number): tf.Tensor4D {
  const { outHeight, outWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const [top, left] = [row * dilationHeight, column * dilationWidth];
  const [batch, , , channels] = padded.shape;
  return tf.stridedSlice(
    padded,
    [0, top, left, 0],
    [batch, top + (outHeight - 1) * strideHeight + 1, left + (outWidth - 1) * strideWidth + 1, channels],
    [1, strideHeight, strideWidth, 1],
  ) as tf.Tensor4D;
}

/** @internal Puts zeros between rows and columns: `[B, oh, ow, c]` → `[B, (oh − 1)·s + 1, (ow − 1)·s + 1, c]`. */
export function spread(values: tf.Tensor4D, strideHeight: number, strideWidth: number): tf.Tensor4D {
  const [batch, height, width, channels] = values.shape;
  let result: tf.Tensor = values;
  if (strideWidth > 1) {
    const gap = tf.zeros([batch * height * width, (strideWidth - 1) * channels]);
    result = tf.concat([tf.reshape(result, [batch * height * width, channels]), gap], 1);
  }
  const wide = width * strideWidth;
  if (strideHeight > 1) {
    const gap = tf.zeros([batch * height, (strideHeight - 1) * wide * channels]);
    result = tf.concat([tf.reshape(result, [batch * height, wide * channels]), gap], 1);
  }
  const full = tf.reshape(result, [batch, height * strideHeight, wide, channels]) as tf.Tensor4D;
  return tf.slice4d(
    full,
    [0, 0, 0, 0],
    [batch, (height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1, channels],
  );
}

/**
 * The reverse of reading: `values[i]` goes back to where position i of every window lies; what meets is added.
 *
 * @returns `[B, h, w, c]` without the padding
 */
export function writePositions(values: readonly tf.Tensor4D[], info: WindowInfo): tf.Tensor4D {
  const { inHeight, inWidth, padInfo, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const paddedHeight = inHeight + padInfo.top + padInfo.bottom;
  const paddedWidth = inWidth + padInfo.left + padInfo.right;
  const parts = windowPositions(info).map(([row, column], i) => {
    const placed = spread(values[i]!, strideHeight, strideWidth);
    const [top, left] = [row * dilationHeight, column * dilationWidth];
    return tf.pad4d(placed, [
      [0, 0],
      [top, paddedHeight - top - placed.shape[1]],
      [left, paddedWidth - left - placed.shape[2]],
      [0, 0],
    ]);
  });
  const sum = tf.addN(parts);
  const [batch, , , channels] = sum.shape;
  return tf.slice4d(sum, [0, padInfo.top, padInfo.left, 0], [batch, inHeight, inWidth, channels]);
}
