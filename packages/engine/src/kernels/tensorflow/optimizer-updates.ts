import type * as tf from '@tensorflow/tfjs';
import { requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

/**
 * One step of an optimiser for all its variables in one pass. Inputs, in this order: n variables, n tensors of each state, n gradients,
 * the settings `[S]`; outputs n new variables, then n of each state; all float32.
 */
function update(kernelName: string, lists: number): tf.KernelConfig {
  return {
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend }) => {
      const node = backend as unknown as NodeBackend;
      const names = Object.keys(inputs);
      const tensors = Object.values(requireFloat32(kernelName, inputs, names));
      const n = (tensors.length - 1) / lists;
      for (const [i, tensor] of tensors.slice(n, -1).entries()) {
        requireShape(kernelName, names[n + i]!, tensor, tensors[i % n]!.shape);
      }
      const count = { name: 'n', type: node.binding.TF_ATTR_INT, value: n };
      return node.executeMultipleOutputs(kernelName, [count], tensors, n * (lists - 1));
    },
  };
}

/** w ← keep · w − rate · g. Settings: rate, keep. */
export const sgdUpdate = update('TensorPapersSgd', 2);

/**
 * a ← momentum · a + g, w ← keep · w − rate · a, with Nesterov w ← keep · w − rate · (g + momentum · a).
 * State a; settings: momentum, rate, keep, 1 for Nesterov.
 */
export const momentumUpdate = update('TensorPapersMomentum', 3);

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← keep · w − rate · m / (√v + ε).
 * States m, v; settings: β₁, β₂, rate, ε, keep (bias corrections are the caller's, in rate and ε).
 */
export const adamUpdate = update('TensorPapersAdam', 4);
