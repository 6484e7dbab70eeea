import * as tf from '@tensorflow/tfjs';

/** What an optimiser of TensorFlow.js keeps for a variable. */
export interface OptimizerSlot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

interface NamedTensor {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** What `applyGradients` takes. */
export type NamedGradients = tf.NamedTensorMap | readonly NamedTensor[];

/** A variable and its gradient; no gradient where the loss does not depend on it. */
export interface NamedGradient {
  readonly name: string;
  readonly variable: tf.Variable;
  readonly gradient: tf.Tensor | null | undefined;
}

/** The gradients in the optimiser's order, with their variables; undefined where the kernel cannot serve them all. */
export function servedGradients(gradients: NamedGradients, kernelName: string): NamedGradient[] | undefined {
  if (!tf.getKernel(kernelName, tf.getBackend())) return undefined;
  const { registeredVariables } = tf.engine() as unknown as { registeredVariables: Record<string, tf.Variable> };
  const entries: [string, tf.Tensor][] = Array.isArray(gradients)
    ? gradients.map(({ name, tensor }: NamedTensor) => [name, tensor])
    : Object.entries(gradients);
  const named = entries.map(([name, gradient]) => ({ name, gradient, variable: registeredVariables[name]! }));
  return named.every(isFloat32) ? named : undefined;
}

function isFloat32({ variable, gradient }: NamedGradient): boolean {
  return (
    variable?.dtype === 'float32' && (!gradient || (gradient.dtype === 'float32' && gradient.size === variable.size))
  );
}

/** The optimiser's state for its `i`-th variable, made of zeros at its first use. */
export function slotOf(
  slots: OptimizerSlot[],
  i: number,
  state: string,
  { name, variable }: NamedGradient,
): tf.Variable {
  slots[i] ??= {
    originalName: `${name}/${state}`,
    variable: tf.tidy(() => tf.variable(tf.zerosLike(variable), false)),
  };
  return slots[i].variable;
}

/** One step for all variables that have a gradient, by a kernel of `kernels/tensorflow/optimizer-updates.ts`. */
export function updateVariables(
  kernelName: string,
  named: readonly NamedGradient[],
  states: readonly (readonly tf.Variable[])[],
  settings: readonly number[],
): void {
  const moved = named.flatMap(({ gradient }, i) => (gradient ? [i] : []));
  if (moved.length === 0) return;
  tf.tidy(() => {
    const targets = [named.map(({ variable }) => variable), ...states].flatMap((list) => moved.map((i) => list[i]!));
    const inputs = [...targets, ...moved.map((i) => named[i]!.gradient!), tf.tensor1d([...settings])];
    const results = tf
      .engine()
      .runKernel(kernelName, Object.fromEntries(inputs.map((tensor, i) => [`input${i}`, tensor]))) as unknown as
      | tf.Tensor
      | tf.Tensor[];
    for (const [i, result] of [results].flat().entries()) targets[i]!.assign(result);
  });
}
