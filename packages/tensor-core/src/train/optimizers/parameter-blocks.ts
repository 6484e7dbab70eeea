import * as tf from '@tensorflow/tfjs';

/**
 * Cuts positions of variables into blocks that are updated together.
 *
 * A kernel call costs several µs whatever its size, and half of a network's variables are short vectors (biases, norms):
 * all vectors form one block, updated as one long vector; every other variable is a block of its own.
 */
export function parameterBlocks(variables: readonly tf.Variable[], positions: readonly number[]): number[][] {
  const vectors = positions.filter((i) => variables[i]!.rank === 1);
  const others = positions.filter((i) => variables[i]!.rank !== 1);
  return [...others.map((i) => [i]), ...(vectors.length === 0 ? [] : [vectors])];
}

/** A block's values as one tensor: the only part itself, or a new concatenation. */
export function gather(parts: readonly tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? parts[0]! : tf.concat(parts as tf.Tensor1D[]);
}

/** The parts of a block's values, of these lengths. */
export function scatter(values: tf.Tensor, sizes: readonly number[]): tf.Tensor[] {
  return sizes.length === 1 ? [values] : tf.split(values as tf.Tensor1D, [...sizes]);
}
