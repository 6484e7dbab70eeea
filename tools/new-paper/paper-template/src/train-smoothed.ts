// REPLACE: the one high-level verb of your paper. It composes the pure parts: everything it does can be done by hand with them.
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng } from '@tensor-papers/numerics/random';
import type { ModelFactory } from '@tensor-papers/tensor-core/nn';
import { batches, fit, type LoopHooks, type Optimizer } from '@tensor-papers/tensor-core/train';
import type * as tf from '@tensorflow/tfjs';
import { requireLabelValues, requireSmoothing } from './checks.js';
import { smoothedCrossEntropy } from './smoothed-cross-entropy.js';
import { SmoothedRun } from './smoothed-run.js';
import type { SmoothingOptions } from './smoothed-targets.js';

/** Options of {@link trainSmoothed}. */
export interface TrainSmoothedOptions extends SmoothingOptions {
  readonly makeModel: ModelFactory;
  /** Labelled images; every label is a class id. */
  readonly data: DataSet;
  /** Decides the initial weights and the order of the batches. */
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Called once; the run disposes what it returns. */
  optimizer(): Optimizer;
  /** Ends the training before the next step. */
  readonly signal?: AbortSignal;
  readonly on?: Pick<LoopHooks, 'step' | 'epoch'>;
}

/**
 * Trains a classifier on smoothed labels: {@link smoothedCrossEntropy} over shuffled batches.
 *
 * The same seed, engine and number of threads give the same weights to the bit.
 *
 * @returns the model with its history; the caller disposes it
 * @throws OptionError for ε outside [0, 1); LabelsError for labels outside the classes; what `fit` throws (a loss that is
 * not finite, no batches). Nothing leaks then.
 * @example
 * const run = await trainSmoothed({ makeModel, data, seed: 1, epochs: 20, batchSize: 64, optimizer: () => adamW() });
 */
export async function trainSmoothed(options: TrainSmoothedOptions): Promise<SmoothedRun> {
  const { makeModel, data, seed, epochs, batchSize, optimizer, smoothing = 0.1, signal, on } = options;
  const classes = data.classNames.length;
  requireSmoothing(smoothing);
  requireLabelValues(data.labels, classes);

  const rng = createRng(seed);
  const order = rng.stream('batches');
  const model = makeModel({ seed: rng.stream('model').seed(), inputShape: data.shape, classes });
  let updates: Optimizer | undefined;
  try {
    updates = optimizer();
    const history = await fit({
      model,
      optimizer: updates,
      batches: (epoch) => batches(data, { batchSize, rng: order, epoch }),
      epochs,
      loss: (logits, { y }) => smoothedCrossEntropy(logits as tf.Tensor2D, y!, { smoothing }),
      ...(on && { on }),
      ...(signal && { signal }),
    });
    return new SmoothedRun(model, history.epochs, history.aborted);
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    updates?.dispose();
  }
}
