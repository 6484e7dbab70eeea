import type { Batch, BatchLike } from '../batch.js';
import type { CheckpointPart } from '../checkpoint/checkpoint-part.js';
import type { FitHistory } from '../history.js';
import { type Trainable, variablesOf } from '../trainable.js';
import type { LoopSettings, StepOutcome, StepPosition } from './loop-options.js';
import { runLoop } from './run-loop.js';

/** Options of {@link trainLoop}. */
export interface TrainLoopOptions<Item extends BatchLike = Batch> extends LoopSettings<Item> {
  /** Takes a step with whatever models and optimisers there are, such as by `gradientStep` for each. */
  step(batch: Item, at: StepPosition): StepOutcome | Promise<StepOutcome>;
  /** What is trained, for the count of parameters in logs. */
  readonly models?: readonly Trainable[];
  /** What a checkpoint has to hold: `modelPart`, `optimizerPart`, an `Ema`, … by name. */
  readonly parts?: Readonly<Record<string, CheckpointPart>>;
}

/**
 * The loop of {@link fit} around a step of your own: several models, several optimisers, adversaries.
 *
 * Epochs, logs, hooks, abort, early stopping, checkpoints and resume are those of `fit`.
 *
 * @returns the logs of the finished epochs; `aborted` where the signal ended the run
 * @throws TrainingDivergedError when a step returns a loss that is not finite; NoBatchesError; TrainOptionError; checkpoint errors;
 *   whatever data, steps or hooks throw
 * @example
 * await trainLoop({
 *   batches, epochs: 10,
 *   parts: { critic: modelPart(critic), criticOptimizer: optimizerPart(criticOptimizer, critic) },
 *   step: ({ x }, at) => gradientStep({ models: [critic], optimizer: criticOptimizer, at, loss: () => lossOf(x) }),
 * });
 */
export async function trainLoop<Item extends BatchLike = Batch>(options: TrainLoopOptions<Item>): Promise<FitHistory> {
  const { step, models = [], parts = {} } = options;
  const variables = new Set(models.flatMap((model) => variablesOf(model.trainableWeights)));
  return await runLoop<Item>({
    ...options,
    parts,
    parameters: [...variables].reduce((sum, variable) => sum + variable.size, 0),
    batchesPerStep: 1,
    step: async (batches, at) => {
      for await (const batch of batches) return await step(batch, at);
      throw new Error('a step has a batch');
    },
  });
}
