import * as tf from '@tensorflow/tfjs';
import { depthwiseFilterGrad, depthwiseInputGrad } from '../composed/depthwise-grads.js';
import { einsum } from '../composed/einsum.js';
import { avgPoolGrad, maxPoolGrad } from '../composed/pooling-grads.js';
import { conv2DBackpropFilter } from './conv-2d-backprop-filter.js';
import { conv2DBackpropInput } from './conv-2d-backprop-input.js';
import { repairedOneHot } from './one-hot.js';
import { repairedPrelu } from './prelu.js';
import { sum } from './sum.js';
import { unsortedSegmentSum } from './unsorted-segment-sum.js';

const missing = [
  conv2DBackpropFilter,
  depthwiseFilterGrad('wasm'),
  depthwiseInputGrad('wasm'),
  einsum('wasm'),
  unsortedSegmentSum,
];

/** Kernels that give wrong numbers (see the conformance table) or are very slow, made anew or out of the stock one. */
const repaired: Readonly<Record<string, (stock: tf.KernelConfig) => tf.KernelConfig>> = {
  [tf.Conv2DBackpropInput]: () => conv2DBackpropInput,
  [tf.AvgPoolGrad]: () => avgPoolGrad('wasm'),
  [tf.MaxPoolGrad]: () => maxPoolGrad('wasm'),
  [tf.OneHot]: repairedOneHot,
  [tf.Prelu]: repairedPrelu,
  [tf.Sum]: sum,
};

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
  for (const [name, repair] of Object.entries(repaired)) {
    const stock = tf.getKernel(name, 'wasm');
    if (!stock) continue;
    tf.unregisterKernel(name, 'wasm');
    tf.registerKernel(repair(stock));
  }
}
