import * as tf from '@tensorflow/tfjs';
import { activationGradients, activationGradKernels } from './activation-grads.js';
import {
  add,
  batchNorm,
  batchNormGrad,
  batchNormGradient,
  relu,
  reluGrad as reluGradOfBatchNorm,
} from './batch-norm.js';
import { bias, biasGradient } from './bias.js';
import { biasRelu, biasReluGrad, biasReluGradient } from './bias-relu.js';
import { cast } from './cast.js';
import { repairedConvolutions } from './conv-2d.js';
import { correlateSigns } from './correlate-signs.js';
import { crossEntropyGradients, sigmoidCrossEntropy, softmaxCrossEntropy } from './cross-entropy.js';
import { enableDeferring } from './deferred.js';
import { dropout, dropoutGradient } from './dropout.js';
import { largestProduct } from './largest-product.js';
import { matMul } from './mat-mul.js';
import { maxPoolGrad } from './max-pool-grad.js';
import type { NodeBackend } from './node-backend.js';
import { adamUpdate, momentumUpdate, sgdUpdate } from './optimizer-updates.js';
import { prelu, preluGrad, preluGradient } from './prelu.js';
import { reluGrad, reluGradGradient, reluGradient } from './relu-grad.js';
import { reshape } from './reshape.js';
import { sum } from './sum.js';

/** What is registered together. */
interface KernelSet {
  readonly kernels: readonly tf.KernelConfig[];
  readonly gradients: readonly tf.GradConfig[];
  /** Stock kernels by name, and what takes their place: made anew, or around the stock one. */
  readonly replaced: Readonly<Record<string, (stock: tf.KernelConfig) => tf.KernelConfig>>;
}

/** Operations that TensorFlow has and TensorFlow.js does not use. */
const fromTensorflow: KernelSet = {
  kernels: [...activationGradKernels, bias, reluGrad],
  gradients: [...activationGradients, biasGradient, reluGradient, reluGradGradient],
  replaced: {
    ...repairedConvolutions,
    [tf.BatchMatMul]: matMul,
    [tf.Cast]: cast,
    [tf.Reshape]: reshape,
    [tf.Sum]: sum,
  },
};

/** Operations of this package. */
const native: KernelSet = {
  kernels: [
    adamUpdate,
    batchNorm,
    batchNormGrad,
    biasRelu,
    biasReluGrad,
    correlateSigns,
    dropout,
    largestProduct,
    momentumUpdate,
    preluGrad,
    sgdUpdate,
    sigmoidCrossEntropy,
    softmaxCrossEntropy,
  ],
  gradients: [
    batchNormGradient,
    biasReluGradient,
    ...crossEntropyGradients,
    dropoutGradient,
    preluGradient(tf.getGradient(tf.Prelu)),
  ],
  replaced: {
    [tf.Add]: add,
    [tf.MaxPoolGrad]: () => maxPoolGrad,
    [tf.Prelu]: prelu,
    [tf.Relu]: relu,
    [reluGrad.kernelName]: reluGradOfBatchNorm,
  },
};

const done = new Set<KernelSet>();

/** Registers the kernels that use operations of TensorFlow's own. A second call changes nothing. */
export function registerTensorflowKernels(): void {
  register(fromTensorflow);
}

/** Registers the kernels that use this package's native operations, which have to be loaded. A second call changes nothing. */
export function registerNativeKernels(): void {
  if (!done.has(native)) enableDeferring(tf.backend() as unknown as NodeBackend);
  register(native);
}

function register(set: KernelSet): void {
  if (done.has(set)) return;
  done.add(set);
  for (const kernel of set.kernels) {
    if (!tf.getKernel(kernel.kernelName, kernel.backendName)) tf.registerKernel(kernel);
  }
  for (const gradient of set.gradients) tf.registerGradient(gradient);
  for (const [name, replace] of Object.entries(set.replaced)) {
    const stock = tf.getKernel(name, 'tensorflow');
    if (!stock) continue;
    tf.unregisterKernel(name, 'tensorflow');
    tf.registerKernel(replace(stock));
  }
}
