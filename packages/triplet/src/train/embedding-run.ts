import type { RetrievalScores } from '@tensor-papers/numerics/metrics';
import type { EpochLog } from '@tensor-papers/tensor-core/train';
import type * as tf from '@tensorflow/tfjs';
import { NoModelError } from '../errors.js';

/** A finished epoch; `validation` where it was measured after it. */
export interface TrialEpoch extends EpochLog {
  readonly validation?: RetrievalScores;
}

/** Training with one learning rate. */
export interface EmbeddingTrial {
  readonly learningRate: number;
  readonly epochs: readonly TrialEpoch[];
  /** After the last epoch; null without validation, or where the trial diverged. */
  readonly validation: RetrievalScores | null;
  /** Whether the loss or the embeddings became NaN or infinite, which ended the trial. */
  readonly diverged: boolean;
}

/** The trial that was kept. */
interface BestTrial {
  readonly model: tf.LayersModel;
  readonly proxies: tf.Variable | null;
  readonly report: EmbeddingTrial;
}

/** What `trainEmbedding` returns. The caller disposes it. */
export class EmbeddingRun {
  readonly #model: tf.LayersModel | null;
  /** The best of those that were tried; null where the signal ended the run before any was. */
  readonly learningRate: number | null;
  /** `[C, D]`, trained beside the model; null unless `proxies` was set. */
  readonly proxies: tf.Variable | null;
  /** In the order of `learningRates`. */
  readonly trials: readonly EmbeddingTrial[];
  /** Whether the signal ended the run: unfinished trials are missing. */
  readonly aborted: boolean;
  #disposed = false;

  constructor(best: BestTrial | null, trials: readonly EmbeddingTrial[], aborted: boolean) {
    this.#model = best?.model ?? null;
    this.proxies = best?.proxies ?? null;
    this.learningRate = best?.report.learningRate ?? null;
    this.trials = trials;
    this.aborted = aborted;
  }

  /** With the weights of the last epoch at the best learning rate. @throws NoModelError where the run was aborted before one was */
  get model(): tf.LayersModel {
    if (this.#model === null) {
      throw new NoModelError('this run was aborted before a model was trained; look at `aborted` first');
    }
    return this.#model;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#model?.dispose();
    this.proxies?.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
