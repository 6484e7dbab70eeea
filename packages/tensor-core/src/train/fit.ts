import * as tf from '@tensorflow/tfjs';
import type { Batch, BatchLike } from './batch.js';
import { checkBatch } from './check-batch.js';
import { modelPart, optimizerPart } from './checkpoint/checkpoint-parts.js';
import type { Ema } from './ema.js';
import { TrainOptionError } from './errors.js';
import type { FitHistory } from './history.js';
import type { LoopSettings, StepOutcome, StepPosition } from './loop/loop-options.js';
import { runLoop } from './loop/run-loop.js';
import type { Optimizer } from './optimizers/optimizer.js';
import { requireInteger, requirePositive } from './require-option.js';
import type { Progress, Schedule } from './schedules/schedule.js';
import { accumulatedStep, type StepModels, stepModels } from './step/gradient-step.js';
import type { LossValue } from './step/loss-value.js';
import { applyModel, type Trainable } from './trainable.js';

/** Options of {@link fit}. */
export interface FitOptions<Targets extends tf.TensorContainer = undefined, Item extends BatchLike = Batch>
  extends LoopSettings<Item> {
  /** What is trained, in place. */
  readonly model: Trainable;
  /** Stays the caller's to dispose. */
  readonly optimizer: Optimizer;
  /** The learning rate of each step. Default: the optimiser's own. */
  readonly schedule?: Schedule;
  /**
   * A scalar; named scalars, whose sum is minimised and which are logged apart; or `{ total, parts }`, of which `total` is minimised
   * and the parts are logged. `at` says where the run stands, for weights that follow a schedule.
   */
  loss(logits: tf.Tensor, batch: Item, targets: Targets, at: Progress): LossValue;
  /**
   * What the loss needs and no gradient goes through, such as a teacher's outputs: evaluated on the very batch that the
   * model sees, before the gradient is recorded. `fit` disposes what it returns, so return new tensors.
   */
  targets?(batch: Item): Targets;
  /** Clips the gradients' global norm. */
  readonly clipNorm?: number;
  /** Limits each value of the gradients, before the norm is clipped. */
  readonly clipValue?: number;
  /**
   * How many batches make one step, their gradients weighted by their examples: for losses that are means over examples the same as
   * one batch of all of them. Batch normalisation still sees each batch by itself. The last step of an epoch may have fewer. Default 1.
   */
  readonly accumulate?: number;
  /** Averages the weights after each step; stays the caller's to dispose. */
  readonly ema?: Ema;
}

/**
 * Trains a model: for every batch, loss → gradient → (clip) → update.
 *
 * The loss is read back at every step, before the update: a loss that is not finite ends the run with the weights of the
 * step before, moving statistics included. Same data, seeds, engine and thread count give the same weights to the bit, also
 * where a run was killed and resumed from a checkpoint.
 *
 * @returns the logs of the finished epochs; `aborted` where the signal ended the run
 * @throws TrainingDivergedError when the loss (or, with `clipNorm`, the gradient's norm) is NaN or infinite; NonFiniteInputError, EmptyBatchError, NoBatchesError for
 *   such data; LossShapeError, ModelOutputError for what the loss or the model returns; TrainOptionError; with `resume`
 *   CheckpointNotFoundError, CheckpointCorruptError, CheckpointVersionError, CheckpointEngineError, CheckpointModelError,
 *   CheckpointPartError; and whatever data, loss, store or callbacks throw. Nothing leaks then.
 */
export async function fit<Targets extends tf.TensorContainer = undefined, Item extends BatchLike = Batch>(
  options: FitOptions<Targets, Item>,
): Promise<FitHistory> {
  requireOptions(options);
  const { model, optimizer, ema, accumulate = 1 } = options;
  const models = stepModels([model]);
  return await runLoop<Item>({
    ...options,
    batchesPerStep: accumulate,
    parameters: models.variables.reduce((sum, variable) => sum + variable.size, 0),
    parts: {
      model: modelPart(model),
      optimizer: optimizerPart(optimizer, model),
      ...(ema === undefined ? {} : { ema }),
    },
    step: async (batches, at) => {
      const outcome = await takeStep(options, models, batches, at);
      ema?.update();
      return outcome;
    },
  });
}

type CheckedOptions = Pick<FitOptions, 'clipNorm' | 'clipValue' | 'accumulate' | 'model'>;

function requireOptions({ clipNorm, clipValue, accumulate, model }: CheckedOptions): void {
  if (clipNorm !== undefined) requirePositive('fit: clipNorm', clipNorm);
  if (clipValue !== undefined) requirePositive('fit: clipValue', clipValue);
  if (accumulate !== undefined) requireInteger('fit: accumulate', accumulate, 1);
  if (model.trainableWeights.length === 0) {
    throw new TrainOptionError('fit: model: expected trainable weights, got none; is every layer frozen?');
  }
}

async function takeStep<Targets extends tf.TensorContainer, Item extends BatchLike>(
  options: FitOptions<Targets, Item>,
  models: StepModels,
  batches: AsyncIterable<Item>,
  { stepOfEpoch, ...progress }: StepPosition,
): Promise<StepOutcome> {
  const { model, optimizer, schedule, loss, targets, clipNorm, clipValue, accumulate = 1 } = options;
  const settings = {
    optimizer,
    learningRate: schedule?.(progress) ?? optimizer.learningRate,
    at: progress,
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(clipValue === undefined ? {} : { clipValue }),
  };
  let number = stepOfEpoch * accumulate;
  return await accumulatedStep(models, settings, async (pass) => {
    for await (const batch of batches) {
      await checkBatch(batch, { epoch: progress.epoch, batch: number++ });
      const evaluated = (targets === undefined ? undefined : tf.tidy(() => targets(batch))) as Targets;
      try {
        const examples = batch.x.shape[0]!;
        await pass(() => loss(applyModel(model, batch.x, true), batch, evaluated, progress), examples);
      } finally {
        tf.dispose(evaluated);
      }
    }
  });
}
