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

/** The gradients in the optimiser's order, with their variables. */
export function namedGradients(gradients: NamedGradients): NamedGradient[] {
  const { registeredVariables } = tf.engine() as unknown as { registeredVariables: Record<string, tf.Variable> };
  const entries: [string, tf.Tensor][] = Array.isArray(gradients)
    ? gradients.map(({ name, tensor }: NamedTensor) => [name, tensor])
    : Object.entries(gradients);
  return entries.map(([name, gradient]) => ({ name, gradient, variable: registeredVariables[name]! }));
}

/** Whether a kernel that computes in float32 can serve; a registered variable and a gradient of its shape. */
export function isFloat32({ variable, gradient }: NamedGradient): boolean {
  return (
    variable?.dtype === 'float32' && (!gradient || (gradient.dtype === 'float32' && gradient.size === variable.size))
  );
}

/** The optimiser's state for its `i`-th variable, made of zeros at its first use. */
export function slotOf(slots: OptimizerSlot[], i: number, originalName: string, variable: tf.Variable): tf.Variable {
  slots[i] ??= { originalName, variable: tf.tidy(() => tf.variable(tf.zerosLike(variable), false)) };
  return slots[i].variable;
}
