import * as tf from '@tensorflow/tfjs';

/** x[indices]: rows of dy are added up where they came from. */
export const gatherNdGradient: tf.GradConfig = {
  kernelName: tf.GatherNd,
  inputsToSave: ['params', 'indices'],
  gradFunc: (dy, saved) => {
    const [params, indices] = saved as [tf.Tensor, tf.Tensor];
    return {
      params: () => tf.scatterND(indices, dy as tf.Tensor, params.shape),
      indices: () => tf.zerosLike(indices),
    };
  },
};

/** Sums of updates by place: each update gets the dy of its place. */
export const scatterNdGradient: tf.GradConfig = {
  kernelName: tf.ScatterNd,
  inputsToSave: ['indices'],
  gradFunc: (dy, saved) => {
    const indices = saved[0]!;
    return { updates: () => tf.gatherND(dy as tf.Tensor, indices), indices: () => tf.zerosLike(indices) };
  },
};

/** x[begin : end : strides]: dy goes back to the places that were read. */
export const stridedSliceGradient: tf.GradConfig = {
  kernelName: tf.StridedSlice,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attrs) => {
    const x = saved[0]!;
    // The same slice of the numbers 0 … n − 1 says where each value came from, whatever the masks are.
    return {
      x: () => {
        // In float32, exact up to 2²⁴ values: the wasm backend slices nothing else.
        const places = tf.reshape(tf.range(0, x.size, 1, 'float32'), x.shape);
        const read = tf.cast(tf.engine().runKernel(tf.StridedSlice, { x: places }, attrs) as tf.Tensor, 'int32');
        const flat = tf.scatterND(tf.reshape(read, [-1, 1]), tf.reshape(dy as tf.Tensor, [-1]), [x.size]);
        return tf.reshape(flat, x.shape);
      },
    };
  },
};
