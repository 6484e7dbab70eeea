import * as tf from '@tensorflow/tfjs';
import { resizeNearestInputGradient } from '../kernels/composed/resize-nearest-grad.js';

/** The kernels of TensorFlow.js know whole centres only; with half pixel centres the gradient is made of matrix products. */
export const resizeNearestGradient: tf.GradConfig = {
  ...tf.getGradient(tf.ResizeNearestNeighbor),
  gradFunc: (dy, saved, attrs) => {
    const images = saved[0] as tf.Tensor4D;
    const { alignCorners, halfPixelCenters } = attrs as unknown as tf.ResizeNearestNeighborAttrs;
    return {
      images: () =>
        halfPixelCenters
          ? resizeNearestInputGradient(dy as tf.Tensor4D, images.shape, { alignCorners, halfPixelCenters })
          : tf.engine().runKernel(tf.ResizeNearestNeighborGrad, { images, dy: dy as tf.Tensor }, { alignCorners }),
    };
  },
};
