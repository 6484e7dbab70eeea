import * as tf from '@tensorflow/tfjs';
import { batchMatMulGradient, maximumGradient, minimumGradient, squaredDifferenceGradient } from './broadcast.js';
import { cumsumGradient } from './cumsum.js';
import { conv2DGradient } from './dilated-convolution.js';
import { einsumGradient } from './einsum.js';
import { gatherNdGradient, scatterNdGradient, stridedSliceGradient } from './indexing.js';
import { mirrorPadGradient } from './mirror-pad.js';
import { meanGradient, sumGradient } from './reductions.js';
import { resizeBilinearGradient } from './resize-bilinear.js';
import { resizeNearestGradient } from './resize-nearest.js';

/** Gradients that TensorFlow.js lacks or gets wrong, made of its own operations: right on every backend. */
export const repairedGradients: readonly tf.GradConfig[] = [
  batchMatMulGradient,
  conv2DGradient,
  cumsumGradient,
  einsumGradient,
  gatherNdGradient,
  maximumGradient,
  meanGradient,
  minimumGradient,
  mirrorPadGradient,
  resizeBilinearGradient,
  resizeNearestGradient,
  scatterNdGradient,
  squaredDifferenceGradient,
  stridedSliceGradient,
  sumGradient,
];

let done = false;

/** Registers them. A second call changes nothing. */
export function registerRepairedGradients(): void {
  if (done) return;
  done = true;
  for (const gradient of repairedGradients) tf.registerGradient(gradient);
}
