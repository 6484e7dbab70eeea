import * as tf from '@tensorflow/tfjs';

/** Where the centres of pixels lie. */
interface Places {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Which source row each target row shows, as a matrix of 0 and 1: `[target, source]`. */
function choices(source: number, target: number, { alignCorners, halfPixelCenters }: Places): tf.Tensor2D {
  const scale = alignCorners && target > 1 ? (source - 1) / (target - 1) : source / target;
  const rows = Array.from({ length: target }, (_, i) => {
    const place = (halfPixelCenters ? i + 0.5 : i) * scale;
    return Math.min(source - 1, alignCorners ? Math.round(place) : Math.floor(place));
  });
  return tf.oneHot(tf.tensor1d(rows, 'int32'), source, 1, 0, 'float32') as tf.Tensor2D;
}

/** The gradient of nearest-neighbour resizing: each pixel gets the sum over the pixels that show it. y = R x Cᵀ, dx = Rᵀ dy C. */
export function resizeNearestInputGradient(
  dy: tf.Tensor4D,
  inputShape: readonly number[],
  places: Places,
): tf.Tensor4D {
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  const [, outHeight, outWidth] = dy.shape;
  return tf.tidy(() => {
    const byRow = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [outHeight, -1]);
    const short = tf.matMul(choices(height, outHeight, places), byRow, true, false);
    const byColumn = tf.reshape(tf.transpose(tf.reshape(short, [height, batch, outWidth, channels]), [2, 1, 0, 3]), [
      outWidth,
      -1,
    ]);
    const small = tf.matMul(choices(width, outWidth, places), byColumn, true, false);
    return tf.transpose(tf.reshape(small, [width, batch, height, channels]), [1, 2, 0, 3]);
  });
}

export const resizeNearestGrad = (backendName: string): tf.KernelConfig => ({
  kernelName: tf.ResizeNearestNeighborGrad,
  backendName,
  kernelFunc: ({ inputs, attrs }) => {
    const { images, dy } = inputs as unknown as { images: tf.Tensor4D; dy: tf.Tensor4D };
    const { alignCorners } = attrs as unknown as tf.ResizeNearestNeighborGradAttrs;
    return resizeNearestInputGradient(dy, images.shape, { alignCorners, halfPixelCenters: false });
  },
});
