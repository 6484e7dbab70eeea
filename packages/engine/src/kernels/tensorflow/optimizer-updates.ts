import type * as tf from '@tensorflow/tfjs';
import type { NodeBackend } from './node-backend.js';

/**
 * One step of Adam for one tensor in one pass: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← keep · w − rate · m / (√v + ε).
 *
 * Inputs w, m, v, g of one shape and settings `[5]` = β₁, β₂, rate, ε, keep (bias corrections are the caller's, in rate and ε);
 * outputs w, m, v.
 */
export const adamUpdate: tf.KernelConfig = {
  kernelName: 'TensorPapersAdam',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs: { w, m, v, g, settings }, backend }) =>
    (backend as unknown as NodeBackend).executeMultipleOutputs('TensorPapersAdam', [], [w!, m!, v!, g!, settings!], 3),
};

/**
 * One step of SGD with momentum for one tensor in one pass: a ← momentum · a + g, w ← keep · w − rate · a, with Nesterov
 * w ← keep · w − rate · (g + momentum · a).
 *
 * Inputs w, a, g of one shape and settings `[4]` = momentum, rate, keep, 1 for Nesterov; outputs w, a.
 */
export const momentumUpdate: tf.KernelConfig = {
  kernelName: 'TensorPapersMomentum',
  backendName: 'tensorflow',
  kernelFunc: ({ inputs: { w, a, g, settings }, backend }) =>
    (backend as unknown as NodeBackend).executeMultipleOutputs('TensorPapersMomentum', [], [w!, a!, g!, settings!], 2),
};
