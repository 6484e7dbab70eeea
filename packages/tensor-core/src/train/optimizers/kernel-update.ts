import * as tf from '@tensorflow/tfjs';

/**
 * Runs a kernel that updates n parameters in one pass. Inputs: n parameters, n tensors of each slot, n gradients, settings `[S]`;
 * outputs: n new parameters, then n of each slot. To be called inside a `tf.tidy`.
 *
 * @param lists parameters, slots, gradients: each of n tensors
 * @returns new parameters, new slots
 */
export function runUpdateKernel(
  kernelName: string,
  lists: readonly (readonly tf.Tensor[])[],
  settings: readonly number[],
): tf.Tensor[][] {
  const n = lists[0]!.length;
  const inputs = [...lists.flat(), tf.tensor1d([...settings])];
  const named = Object.fromEntries(inputs.map((tensor, i) => [`input${i}`, tensor]));
  const outputs = [tf.engine().runKernel(kernelName, named)].flat() as unknown as tf.Tensor[];
  return lists.slice(1).map((_, k) => outputs.slice(k * n, (k + 1) * n));
}
