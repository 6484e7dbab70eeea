// REPLACE: what your verb returns. A class, because it owns tensors.
import type { EpochRecord } from '@tensor-papers/tensor-core/train';
import type * as tf from '@tensorflow/tfjs';

/** A trained model and how it was trained. Owns the model until `dispose()`. */
export class SmoothedRun {
  #disposed = false;

  constructor(
    readonly model: tf.LayersModel,
    /** The finished epochs. */
    readonly history: readonly EpochRecord[],
    /** Whether a signal ended the training early. */
    readonly aborted: boolean,
  ) {}

  /** Frees the model. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.model.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
