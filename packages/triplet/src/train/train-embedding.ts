import { OptionError } from '../errors.js';
import { requireTrainEmbedding, type TrainEmbeddingOptions } from './embedding-options.js';
import { EmbeddingRun, type EmbeddingTrial } from './embedding-run.js';
import { type TrainedTrial, trainTrial } from './train-trial.js';

/**
 * Trains an embedding: loss × miner × sampler × network, at the learning rate that is best on classes that training has not seen.
 *
 * Every learning rate starts from the same weights and sees the same batches; its last epoch counts. Ties go to the first. A rate at which
 * the loss or the embeddings diverge is out. Test images play no part.
 *
 * Same options, engine and thread count: the same numbers to the bit. An aborted run resolves with the best of the finished trials.
 *
 * @returns the best model and a report of every learning rate; the caller disposes it
 * @throws before training: OptionError, EmptyBatchError, LabelsError, SplitError; later: SamplerError, what `fit` and the loss throw
 *   (TrainingDivergedError or NonFiniteError where no learning rate is left), and whatever factories and callbacks throw. Nothing leaks then.
 * @example
 * const run = await trainEmbedding({
 *   ...{ makeModel: smallCnn(), dimensions: 64, data, validation, epochs: 20, seed: 1, learningRates: [0.03, 0.1] },
 *   loss: (embeddings, labels) => selectivelyContrastiveLoss(embeddings, labels),
 *   sampler: (labels, at) => classBalancedBatches(labels, { classesPerBatch: 32, ...at }),
 * });
 */
export async function trainEmbedding(options: TrainEmbeddingOptions): Promise<EmbeddingRun> {
  requireTrainEmbedding(options);
  const { learningRates, signal, on } = options;
  const trials: EmbeddingTrial[] = [];
  let best: TrainedTrial | null = null;
  let aborted = signal?.aborted ?? false;
  let failure: unknown;
  try {
    for (const [trial, learningRate] of learningRates.entries()) {
      if (aborted) break;
      await on?.trialStart?.({ learningRate, trial });
      const trained = await trainTrial(options, learningRate);
      failure = trained.failure;
      aborted = trained.aborted;
      best = keepBetter(best, trained, options);
      if (aborted) break;
      trials.push(trained.report);
      await on?.trial?.(trained.report);
      aborted = signal?.aborted ?? false;
    }
    if (best === null && !aborted) throw failure;
  } catch (error) {
    release(best);
    throw error;
  }
  return new EmbeddingRun(best, trials, aborted);
}

/** The better one; the other is disposed. */
function keepBetter(
  best: TrainedTrial | null,
  next: TrainedTrial,
  options: TrainEmbeddingOptions,
): TrainedTrial | null {
  let isBetter = false;
  try {
    isBetter = !next.aborted && !next.report.diverged && (best === null || score(next, options) > score(best, options));
  } finally {
    if (!isBetter) release(next);
  }
  if (!isBetter) return best;
  release(best);
  return next;
}

function score({ report }: TrainedTrial, { select = ({ hitAt }) => hitAt[0]! }: TrainEmbeddingOptions): number {
  const value = select(report.validation!);
  if (!Number.isFinite(value)) {
    throw new OptionError(
      `select: expected a finite number for the validation at learning rate ${report.learningRate}, got ${value}; has any image another of its class?`,
    );
  }
  return value;
}

function release(trained: TrainedTrial | null): void {
  trained?.model.dispose();
  trained?.proxies?.dispose();
}
