import * as tf from '@tensorflow/tfjs';
import { batchNorm, batchNormGrad, batchNormGradient } from './batch-norm.js';
import { maxPoolGrad } from './max-pool-grad.js';
import { adamUpdate, momentumUpdate } from './optimizer-updates.js';
import { reluGrad, reluGradGradient, reluGradient } from './relu-grad.js';

const own = { kernels: [reluGrad], gradients: [reluGradient, reluGradGradient] };

/** Those that need this package's native operations; `replaced` take the place of stock kernels. */
const native = {
  kernels: [adamUpdate, batchNorm, batchNormGrad, momentumUpdate],
  gradients: [batchNormGradient],
  replaced: [maxPoolGrad],
};

const done = new Set<string>();

/** Registers the gradient kernels that TensorFlow has and TensorFlow.js does not use. A second call changes nothing. */
export function registerTensorflowKernels(): void {
  register('own', own.kernels, own.gradients);
}

/** Registers the kernels that use this package's native operations, which have to be loaded. A second call changes nothing. */
export function registerNativeKernels(): void {
  if (done.has('native')) return;
  register('native', native.kernels, native.gradients);
  for (const kernel of native.replaced) {
    tf.unregisterKernel(kernel.kernelName, 'tensorflow');
    tf.registerKernel(kernel);
  }
}

function register(what: string, kernels: readonly tf.KernelConfig[], gradients: readonly tf.GradConfig[]): void {
  if (done.has(what)) return;
  done.add(what);
  for (const kernel of kernels) {
    if (!tf.getKernel(kernel.kernelName, kernel.backendName)) tf.registerKernel(kernel);
  }
  for (const gradient of gradients) tf.registerGradient(gradient);
}
