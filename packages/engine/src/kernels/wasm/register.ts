import * as tf from '@tensorflow/tfjs';
import { conv2DBackpropFilter } from './conv-2d-backprop-filter.js';
import { repairedOneHot } from './one-hot.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

const missing = [conv2DBackpropFilter, unsortedSegmentSum];
const repaired = new Map([[tf.OneHot as string, repairedOneHot]]);

let done = false;

/**
 * Adds the training kernels that the wasm backend lacks and replaces those that give wrong numbers. A kernel that the backend has by
 * now, or that the user registered, stays. A second call changes nothing.
 */
export function registerWasmKernels(): void {
  if (done) return;
  done = true;
  for (const kernel of missing) {
    if (!tf.getKernel(kernel.kernelName, 'wasm')) tf.registerKernel(kernel);
  }
  for (const [name, repair] of repaired) {
    const stock = tf.getKernel(name, 'wasm');
    if (!stock) continue;
    tf.unregisterKernel(name, 'wasm');
    tf.registerKernel(repair(stock));
  }
}
