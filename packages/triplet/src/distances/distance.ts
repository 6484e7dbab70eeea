import type * as tf from '@tensorflow/tfjs';

/** Options of {@link Distance.matrix}. */
export interface DistanceMatrixOptions {
  /** The rows of b are constants: no gradient goes to them, and none is computed. Default false. */
  readonly constantReference?: boolean;
}

/**
 * A measure of how close two embeddings are, which knows whether more means closer. Losses, miners and reducers take any.
 *
 * Your own is an object of this form whose `matrix` TensorFlow.js can differentiate.
 */
export interface Distance {
  readonly name: string;
  /** True for similarities, false for distances. */
  readonly largerIsCloser: boolean;
  /**
   * Values between each row of a and each row of b.
   *
   * @param a `[A, D]` float32
   * @param b `[B, D]` float32; default a
   * @returns `[A, B]` float32; the caller disposes it
   */
  matrix(a: tf.Tensor2D, b?: tf.Tensor2D, options?: DistanceMatrixOptions): tf.Tensor2D;
  /**
   * For similarities that are products: rows a' with `matrix(a, b)` = a'·b'ᵀ, so that a search can leave the comparison to the engine.
   *
   * @param what how errors call the rows
   * @returns `[A, D']` float32; the caller disposes it
   */
  readonly productRows?: (rows: tf.Tensor2D, what: string) => tf.Tensor2D;
  /** The cosine of the angle that a value stands for, where a value decides it (unit rows). */
  readonly toCosine?: (value: number) => number;
}
