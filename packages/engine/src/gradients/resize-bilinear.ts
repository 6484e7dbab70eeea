import * as tf from '@tensorflow/tfjs';

/** How much of each source row goes into each target row: `[target, source]`. */
function weights(source: number, target: number, alignCorners: boolean, halfPixelCenters: boolean): tf.Tensor2D {
  const scale = alignCorners && target > 1 ? (source - 1) / (target - 1) : source / target;
  const matrix = new Float32Array(target * source);
  for (let i = 0; i < target; i++) {
    const place = Math.max(0, halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale);
    const low = Math.min(Math.floor(place), source - 1);
    const high = Math.min(low + 1, source - 1);
    const share = place - low;
    matrix[i * source + low]! += 1 - share;
    matrix[i * source + high]! += share;
  }
  return tf.tensor2d(matrix, [target, source]);
}

/**
 * Bilinear resizing is linear along each axis: y = R x Cᵀ, so dx = Rᵀ dy C. Two matrix products in place of kernels that lack half pixel
 * centres (all backends) or mix up height and width (cpu).
 */
export const resizeBilinearGradient: tf.GradConfig = {
  kernelName: tf.ResizeBilinear,
  inputsToSave: ['images'],
  gradFunc: (gradient, saved, attrs) => {
    const dy = gradient as tf.Tensor4D;
    const [batch, height, width, channels] = saved[0]!.shape as [number, number, number, number];
    const { alignCorners, halfPixelCenters } = attrs as unknown as tf.ResizeBilinearAttrs;
    return {
      images: () => {
        const [, outHeight, outWidth] = dy.shape;
        const rows = weights(height, outHeight, alignCorners, halfPixelCenters);
        const columns = weights(width, outWidth, alignCorners, halfPixelCenters);
        // [H, B·W'·C] → rows back to h, then [w', …] back to w.
        const byRow = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [outHeight, -1]);
        const narrow = tf.reshape(tf.matMul(rows, byRow, true, false), [height, batch, outWidth, channels]);
        const byColumn = tf.reshape(tf.transpose(narrow, [2, 1, 0, 3]), [outWidth, -1]);
        const small = tf.reshape(tf.matMul(columns, byColumn, true, false), [width, batch, height, channels]);
        return tf.transpose(small, [1, 2, 0, 3]);
      },
    };
  },
};
