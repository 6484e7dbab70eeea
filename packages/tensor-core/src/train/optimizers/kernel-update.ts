import * as tf from '@tensorflow/tfjs';

/**
 * Updates variables by one kernel for all of them. Inputs: n variables, n tensors of each slot, n gradients, settings `[S]`; outputs: n new
 * variables, then n of each slot. To be called inside a `tf.tidy`.
 *
 * @returns the new slots
 */
export function updateWithKernel(
  kernelName: string,
  variables: readonly tf.Variable[],
  slots: readonly (readonly tf.Tensor[])[],
  gradients: readonly tf.Tensor[],
  settings: readonly number[],
): tf.Tensor[][] {
  const n = variables.length;
  const inputs = [...variables, ...slots.flat(), ...gradients, tf.tensor1d([...settings])];
  const named = Object.fromEntries(inputs.map((tensor, i) => [`input${i}`, tensor]));
  const outputs = [tf.engine().runKernel(kernelName, named)].flat() as unknown as tf.Tensor[];
  variables.forEach((variable, i) => {
    variable.assign(outputs[i]!);
  });
  return slots.map((_, k) => outputs.slice((k + 1) * n, (k + 2) * n));
}
