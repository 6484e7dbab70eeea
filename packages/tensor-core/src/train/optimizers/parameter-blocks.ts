import * as tf from '@tensorflow/tfjs';

/**
 * Parameters that are updated together.
 *
 * A kernel call costs several µs whatever its size, and half of a network's variables are short vectors (biases, norms):
 * all vectors form one block, updated as one long vector; every other variable is a block of its own.
 */
export interface ParameterBlock {
  readonly variables: readonly tf.Variable[];
  /** Where each variable stands in the optimiser's list. */
  readonly positions: readonly number[];
  readonly shape: readonly number[];
}

/** Cuts a list of variables into blocks. */
export function parameterBlocks(variables: readonly tf.Variable[]): ParameterBlock[] {
  const blocks: ParameterBlock[] = [];
  const vectors: number[] = [];
  variables.forEach((variable, i) => {
    if (variable.rank === 1) vectors.push(i);
    else blocks.push({ variables: [variable], positions: [i], shape: variable.shape });
  });
  if (vectors.length > 0) {
    const length = vectors.reduce((sum, i) => sum + variables[i]!.size, 0);
    blocks.push({ variables: vectors.map((i) => variables[i]!), positions: vectors, shape: [length] });
  }
  return blocks;
}

/** The block's values as one tensor: the only part itself, or a new concatenation. */
export function gather(parts: readonly tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? parts[0]! : tf.concat(parts as tf.Tensor1D[]);
}

/** Writes a block's new values into its variables. To be called inside a `tf.tidy`. */
export function assign(block: ParameterBlock, values: tf.Tensor): void {
  if (block.variables.length === 1) {
    block.variables[0]!.assign(values);
    return;
  }
  const sizes = block.variables.map((variable) => variable.size);
  const parts = tf.split(values as tf.Tensor1D, sizes);
  block.variables.forEach((variable, i) => {
    variable.assign(parts[i]!);
  });
}
