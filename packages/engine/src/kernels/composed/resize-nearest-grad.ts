import * as tf from '@tensorflow/tfjs';

/** Which source row each target row shows, as a matrix of 0 and 1: `[target, source]`. */
function choices(source: number, target: number, alignCorners: boolean): tf.Tensor2D {
  const scale = alignCorners && target > 1 ? (source - 1) / (target - 1) : source / target;
  const rows = Array.from({ length: target }, (_, i) =>
    Math.min(source - 1, alignCorners ? Math.round(i * scale) : Math.floor(i * scale)),
  );
  return tf.oneHot(tf.tensor1d(rows, 'int32'), source, 1, 0, 'float32') as tf.Tensor2D;
}

/** The gradient of nearest-neighbour resizing: each pixel gets the sum over the pixels that show it. y = R x Cᵀ, dx = Rᵀ dy C. */
export const resizeNearestGrad = (backendName: string): tf.KernelConfig => ({
  kernelName: tf.ResizeNearestNeighborGrad,
  backendName,
  kernelFunc: ({ inputs, attrs }) => {
    const { images, dy } = inputs as unknown as { images: tf.Tensor4D; dy: tf.Tensor4D };
    const { alignCorners } = attrs as unknown as tf.ResizeNearestNeighborGradAttrs;
    const [batch, height, width, channels] = images.shape;
    const [, outHeight, outWidth] = dy.shape;
    return tf.tidy(() => {
      const byRow = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [outHeight, -1]);
      const short = tf.matMul(choices(height, outHeight, alignCorners), byRow, true, false);
      const byColumn = tf.reshape(tf.transpose(tf.reshape(short, [height, batch, outWidth, channels]), [2, 1, 0, 3]), [
        outWidth,
        -1,
      ]);
      const small = tf.matMul(choices(width, outWidth, alignCorners), byColumn, true, false);
      return tf.transpose(tf.reshape(small, [width, batch, height, channels]), [1, 2, 0, 3]);
    });
  },
});
