import type * as tf from '@tensorflow/tfjs';
import type { PartState } from '../checkpoint/checkpoint-part.js';

/** Gradients by variable name, as `tf.variableGrads` returns them, or in the order of the variables. A missing one counts as 0. */
export type Gradients = tf.NamedTensorMap | readonly (tf.Tensor | undefined)[];

/**
 * Updates variables from gradients. Belongs to the variables of its first `apply`.
 *
 * Holds tensors (its slots) until `dispose()`; gradients stay the caller's.
 */
export interface Optimizer {
  /** Used where `apply` is given none. */
  readonly learningRate: number;
  /** Updates taken so far. */
  readonly steps: number;
  /**
   * Takes one step.
   *
   * @throws OptimizerVariablesError for other variables than before, gradients of other shapes, or a parameter group that
   *   holds none of the variables
   */
  apply(variables: readonly tf.Variable[], gradients: Gradients, learningRate?: number): void;
  /** Steps taken and slots, for a checkpoint. */
  capture(): Promise<PartState>;
  /**
   * Checks that a captured state belongs to such an optimiser of these variables, and returns what applies it.
   *
   * @throws CheckpointPartError where it does not
   */
  prepareRestore(state: PartState, variables: readonly tf.Variable[]): () => void;
  dispose(): void;
  [Symbol.dispose](): void;
}
