import * as tf from '@tensorflow/tfjs';
import { type Batch, type BatchLike, type BatchSource, disposeBatch, iterateBatches } from './batch.js';
import { EpochMeter } from './epoch-meter.js';
import { NoBatchesError, TrainingDivergedError, TrainOptionError } from './errors.js';
import { EventLoopBreather } from './event-loop.js';
import type { EpochLog, StepLog, TrainHistory, TrainLogSink } from './log/train-log.js';
import type { Optimizer } from './optimizers/optimizer.js';
import { requireInteger, requirePositive } from './require-option.js';
import type { Schedule } from './schedules/schedule.js';
import { checkBatch, computeStep, disposeStep, readScalar, type StepResult } from './train-step.js';
import { type Trainable, variablesOf } from './trainable.js';

/** Options of {@link fit}. */
export interface FitOptions<Targets extends tf.TensorContainer = undefined, Item extends BatchLike = Batch> {
  /** What is trained, in place. */
  readonly model: Trainable;
  /** The batches of an epoch (counted from 0). `fit` disposes each batch after its step. */
  batches(epoch: number): BatchSource<Item>;
  readonly epochs: number;
  /** Ends an epoch after that many steps. Default: when its batches end. */
  readonly stepsPerEpoch?: number;
  /** Stays the caller's to dispose. */
  readonly optimizer: Optimizer;
  /** The learning rate of each step. Default: the optimiser's own. */
  readonly schedule?: Schedule;
  /** A scalar, or named scalars whose sum is minimised and which are logged apart. */
  loss(logits: tf.Tensor, batch: Item, targets: Targets): tf.Tensor | Record<string, tf.Tensor>;
  /**
   * What the loss needs and no gradient goes through, such as a teacher's outputs: evaluated on the very batch that the
   * model sees, before the gradient is recorded. `fit` disposes what it returns, so return new tensors.
   */
  targets?(batch: Item): Targets;
  /** Clips the gradients' global norm. */
  readonly clipNorm?: number;
  readonly on?: {
    step?(log: StepLog): void | Promise<void>;
    epoch?(log: EpochLog): void | Promise<void>;
  };
  /** Ends the run before the next step; the weights stay as they are. */
  readonly signal?: AbortSignal;
  readonly sinks?: readonly TrainLogSink[];
}

/**
 * Trains a model: for every batch, loss → gradient → (clip) → update.
 *
 * The loss is read back at every step, before the update: a loss that is not finite ends the run with the weights of the
 * step before, moving statistics included. Same data, seeds, engine and thread count give the same weights to the bit.
 *
 * @returns the logs of the finished epochs; `aborted` where the signal ended the run
 * @throws TrainingDivergedError when the loss (or, with `clipNorm`, the gradient's norm) is NaN or infinite; NonFiniteInputError, EmptyBatchError, NoBatchesError for
 *   such data; LossShapeError, ModelOutputError for what the loss or the model returns; TrainOptionError; and whatever
 *   data, loss or callbacks throw. Nothing leaks then.
 */
export async function fit<Targets extends tf.TensorContainer = undefined, Item extends BatchLike = Batch>(
  options: FitOptions<Targets, Item>,
): Promise<TrainHistory> {
  requireOptions(options);
  const run = new Run(options);
  let failure: { error: unknown } | null = null;
  try {
    await run.start();
    for (let epoch = 0; epoch < options.epochs && !run.shouldStop(); epoch++) await run.epoch(epoch);
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    await run.end(failure);
  }
  return { epochs: run.logs, steps: run.steps, aborted: run.aborted };
}

type AnyFitOptions = Pick<FitOptions, 'epochs' | 'stepsPerEpoch' | 'clipNorm' | 'model'>;

function requireOptions({ epochs, stepsPerEpoch, clipNorm, model }: AnyFitOptions): void {
  requireInteger('fit: epochs', epochs, 0);
  if (stepsPerEpoch !== undefined) requireInteger('fit: stepsPerEpoch', stepsPerEpoch, 1);
  if (clipNorm !== undefined) requirePositive('fit: clipNorm', clipNorm);
  if (model.trainableWeights.length === 0) {
    throw new TrainOptionError('fit: model: expected trainable weights, got none; is every layer frozen?');
  }
}

/** One call of `fit`: the mutable state of the loop. */
class Run<Targets extends tf.TensorContainer, Item extends BatchLike> {
  readonly logs: EpochLog[] = [];
  steps = 0;
  aborted = false;
  readonly #options: FitOptions<Targets, Item>;
  readonly #variables: tf.Variable[];
  /** What a forward pass may move: the statistics of batch normalisation. */
  readonly #statistics: tf.Variable[];
  readonly #breather = new EventLoopBreather();
  #stepsPerEpoch: number | undefined;
  #firstEpoch: BatchSource<Item> | null = null;

  constructor(options: FitOptions<Targets, Item>) {
    this.#options = options;
    this.#variables = variablesOf(options.model.trainableWeights);
    const trained = new Set(this.#variables);
    this.#statistics = variablesOf(options.model.weights).filter((variable) => !trained.has(variable));
    this.#stepsPerEpoch = options.stepsPerEpoch;
  }

  /** Whether the signal asks for the end; remembers it. */
  shouldStop(): boolean {
    this.aborted ||= this.#options.signal?.aborted ?? false;
    return this.aborted;
  }

  async start(): Promise<void> {
    const { epochs, sinks = [] } = this.#options;
    if (epochs > 0 && !this.shouldStop()) {
      this.#firstEpoch = this.#options.batches(0);
      this.#learnLength(this.#firstEpoch.length);
    }
    const parameters = this.#variables.reduce((sum, variable) => sum + variable.size, 0);
    for (const sink of sinks) await sink.start?.({ epochs, stepsPerEpoch: this.#stepsPerEpoch, parameters });
  }

  async end(failure: { error: unknown } | null): Promise<void> {
    const end = { steps: this.steps, aborted: this.aborted, ...failure };
    let sinkFailure: { error: unknown } | null = null;
    for (const sink of this.#options.sinks ?? []) {
      try {
        await sink.end?.(end);
      } catch (error) {
        sinkFailure ??= { error };
      }
    }
    // What ended the run matters more than a log that could not be closed.
    if (failure === null && sinkFailure !== null) throw sinkFailure.error;
  }

  async epoch(epoch: number): Promise<void> {
    const { stepsPerEpoch: limit = Number.POSITIVE_INFINITY, on, sinks = [] } = this.#options;
    const source = this.#firstEpoch ?? this.#options.batches(epoch);
    this.#firstEpoch = null;
    const meter = new EpochMeter(epoch);
    for await (const batch of iterateBatches(source)) {
      try {
        await this.#breather.breathe();
        if (this.shouldStop()) return;
        const log = await this.#step(batch, epoch, meter.steps);
        meter.add(log);
        this.steps += 1;
        await on?.step?.(log);
        for (const sink of sinks) await sink.step?.(log);
      } finally {
        disposeBatch(batch);
      }
      if (meter.steps >= limit) break;
    }
    if (meter.steps === 0) {
      throw new NoBatchesError(`epoch ${epoch}: expected at least one batch, got none; is the data set empty?`);
    }
    this.#learnLength(meter.steps);
    const log = meter.finish(tf.memory().numTensors);
    this.logs.push(log);
    await on?.epoch?.(log);
    for (const sink of sinks) await sink.epoch(log);
  }

  #learnLength(steps: number | undefined): void {
    if (this.#options.stepsPerEpoch === undefined && steps !== undefined) this.#stepsPerEpoch = steps;
  }

  async #step(batch: Item, epoch: number, stepOfEpoch: number): Promise<StepLog> {
    const { model, loss, targets, clipNorm, schedule, optimizer, epochs } = this.#options;
    await checkBatch(batch, { epoch, batch: stepOfEpoch });
    const stepsPerEpoch = this.#stepsPerEpoch;
    const totalSteps = stepsPerEpoch === undefined ? undefined : stepsPerEpoch * epochs;
    const learningRate = schedule?.({ step: this.steps, epoch, stepsPerEpoch, totalSteps }) ?? optimizer.learningRate;
    const variables = this.#variables;
    const evaluated = (targets === undefined ? undefined : tf.tidy(() => targets(batch))) as Targets;
    const before = this.#statistics.map((variable) => tf.clone(variable));
    let result: StepResult | null = null;
    try {
      result = computeStep({ model, variables, batch, targets: evaluated, clipNorm, loss });
      const read = await readStep(result);
      if (!Number.isFinite(read.loss + (read.gradientNorm ?? 0))) {
        const terms = read.losses === undefined ? '' : `, terms ${JSON.stringify(describe(read.losses))}`;
        throw new TrainingDivergedError({ step: this.steps, epoch, learningRate, terms, ...read });
      }
      optimizer.apply(variables, result.gradients, learningRate);
      const examples = batch.x.shape[0]!;
      return { step: this.steps, epoch, stepOfEpoch, stepsPerEpoch, examples, learningRate, ...read };
    } catch (error) {
      this.#statistics.forEach((variable, i) => {
        variable.assign(before[i]!);
      });
      throw error;
    } finally {
      if (result !== null) disposeStep(result);
      tf.dispose([before, evaluated]);
    }
  }
}

type ReadStep = Pick<StepLog, 'loss' | 'losses' | 'gradientNorm'>;

async function readStep({ total, terms, gradientNorm }: StepResult): Promise<ReadStep> {
  const names = Object.keys(terms ?? {});
  const scalars = [total, ...names.map((name) => terms![name]!), ...(gradientNorm === undefined ? [] : [gradientNorm])];
  const values = await Promise.all(scalars.map(readScalar));
  return {
    loss: values[0]!,
    ...(terms === undefined ? {} : { losses: Object.fromEntries(names.map((name, i) => [name, values[i + 1]!])) }),
    ...(gradientNorm === undefined ? {} : { gradientNorm: values.at(-1)! }),
  };
}

/** JSON has no NaN: names it instead. */
function describe(losses: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(losses).map(([name, value]) => [name, String(value)]));
}
