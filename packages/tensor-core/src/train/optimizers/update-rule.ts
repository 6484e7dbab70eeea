import type * as tf from '@tensorflow/tfjs';

/** What one update computes for a block: new slots, and what is subtracted from the parameters. */
export interface BlockStep {
  readonly step: tf.Tensor;
  readonly slots: readonly tf.Tensor[];
}

/** The update of a block. Runs inside a `tf.tidy`. */
export type BlockUpdate = (gradient: tf.Tensor, slots: readonly tf.Tensor[]) => BlockStep;

/** A kernel that an engine may have, which updates all variables of a group in one pass. */
export interface UpdateKernel {
  readonly name: string;
  /** Its settings for step `step` (counted from 1); parameters are multiplied by `keep` before the update. */
  settings(learningRate: number, step: number, keep: number): readonly number[];
}

/** What tells one optimiser from another. */
export interface UpdateRule {
  /** Name of the optimiser in checkpoints. */
  readonly kind: string;
  /** Names of what is kept from step to step: tensors of each variable's shape, 0 at first. */
  readonly slots: readonly string[];
  /** λ where no group says otherwise. */
  readonly weightDecay: number;
  /** `coupled`: λw joins the gradient. `decoupled`: w ← (1 − ηλ)w before the update. */
  readonly decay: 'coupled' | 'decoupled';
  /** Makes the update of step `step` (counted from 1) from kernels that every engine has; constants become scalars here. */
  prepare(learningRate: number, step: number): BlockUpdate;
  /** Does the same in one pass, where the engine has it. */
  readonly kernel?: UpdateKernel;
}
