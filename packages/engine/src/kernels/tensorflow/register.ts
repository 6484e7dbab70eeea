import * as tf from '@tensorflow/tfjs';
import { reluGrad, reluGradGradient, reluGradient } from './relu-grad.js';

const kernels = [reluGrad];
const gradients = [reluGradient, reluGradGradient];

let done = false;

/** Registers TensorFlow's own gradient kernels and the gradients that use them. A second call changes nothing. */
export function registerTensorflowKernels(): void {
  if (done) return;
  done = true;
  for (const kernel of kernels) {
    if (!tf.getKernel(kernel.kernelName, 'tensorflow')) tf.registerKernel(kernel);
  }
  for (const gradient of gradients) tf.registerGradient(gradient);
}
