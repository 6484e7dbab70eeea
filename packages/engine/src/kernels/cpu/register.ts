import * as tf from '@tensorflow/tfjs';
import { avgPoolGrad } from '../composed/pooling-grads.js';
import { resizeNearestGrad } from '../composed/resize-nearest-grad.js';

/** Kernels of the cpu backend that give wrong numbers (see the conformance table). */
const repaired = [avgPoolGrad('cpu'), resizeNearestGrad('cpu')];

let done = false;

/** Replaces them. A second call changes nothing. */
export function registerCpuKernels(): void {
  if (done) return;
  done = true;
  for (const kernel of repaired) {
    tf.unregisterKernel(kernel.kernelName, 'cpu');
    tf.registerKernel(kernel);
  }
}
