import type { Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { type BatchLike, type BatchSource, disposeBatch, iterateFrom } from '../batch.js';
import { EarlyStopping } from '../early-stopping.js';
import { EpochMeter, type EpochSums } from '../epoch-meter.js';
import { NoBatchesError, TrainingDivergedError, TrainOptionError } from '../errors.js';
import { EventLoopBreather } from '../event-loop.js';
import type { EpochRecord, FitHistory } from '../history.js';
import type { StepLog, TrainLogSink } from '../log/train-log.js';
import { requireInteger } from '../require-option.js';
import { batchGroup } from './batch-group.js';
import { Checkpointer, requireCheckpointOptions } from './checkpointer.js';
import type { CheckpointEvent, LoopOptions, StepOutcome } from './loop-options.js';
import { type LoopPosition, loopPart, type RandomStates } from './loop-state.js';
import { isResumable, type ResumableSink, type ResumedRun } from './resumable-sink.js';

/** Runs a training loop. */
export async function runLoop<Item extends BatchLike>(options: LoopOptions<Item>): Promise<FitHistory> {
  requireInteger('epochs', options.epochs, 0);
  if (options.stepsPerEpoch !== undefined) requireInteger('stepsPerEpoch', options.stepsPerEpoch, 1);
  requireInteger('accumulate', options.batchesPerStep, 1);
  requireCheckpointOptions(options.checkpoint, options.resume);
  const run = new Run(options);
  let failure: { error: unknown } | null = null;
  try {
    await run.start();
    await run.epochs();
  } catch (error) {
    failure = { error };
    throw error;
  } finally {
    await run.end(failure);
  }
  return run.history();
}

/** One call of a loop: its mutable state. */
class Run<Item extends BatchLike> {
  readonly #options: LoopOptions<Item>;
  readonly #breather = new EventLoopBreather();
  readonly #stopping: EarlyStopping | null;
  readonly #best: EarlyStopping;
  readonly #checkpointer: Checkpointer | null;
  readonly #streams: Readonly<Record<string, Rng>>;
  readonly #sinks: readonly TrainLogSink[];
  readonly #logs: EpochRecord[] = [];
  #steps = 0;
  #epoch = 0;
  #batches = 0;
  #meter: EpochMeter | null = null;
  #sumsBefore: EpochSums | null = null;
  #stepsPerEpoch: number | undefined;
  #bestEpoch: { epoch: number; value: number } | null = null;
  #stoppedEarly = false;
  #aborted = false;
  /** Whether something happened since `last` was written. */
  #isUnsaved = false;
  #randomAtEpochStart: RandomStates = {};
  #random: RandomStates = {};
  #firstSource: BatchSource<Item> | null = null;
  #sinkStates: LoopPosition['sinks'] = [];

  constructor(options: LoopOptions<Item>) {
    const { earlyStopping, monitor, checkpoint, sinks = [], stepsPerEpoch } = options;
    const mode = monitor?.mode ?? 'min';
    this.#options = options;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#sinks = sinks;
    this.#streams = checkpoint?.random ?? {};
    this.#stopping = earlyStopping === undefined ? null : new EarlyStopping({ ...earlyStopping, mode });
    this.#best = new EarlyStopping({ patience: 1, mode });
    this.#checkpointer = checkpoint === undefined ? null : new Checkpointer(checkpoint, this.#checkpointParts());
  }

  history(): FitHistory {
    const watches = this.#options.monitor !== undefined || this.#stopping !== null;
    return {
      epochs: this.#logs,
      steps: this.#steps,
      aborted: this.#aborted,
      ...(this.#stoppedEarly ? { stoppedEarly: true as const } : {}),
      ...(watches && this.#bestEpoch !== null ? { best: this.#bestEpoch } : {}),
    };
  }

  async start(): Promise<void> {
    const { epochs, resume, on, parameters } = this.#options;
    const resumed = resume && this.#checkpointer !== null ? await this.#checkpointer.resume(resume) : false;
    if (!resumed) this.#random = this.#randomNow();
    if (!this.#isOver()) this.#firstSource = this.#open();
    const plan = { epochs, stepsPerEpoch: this.#stepsPerEpoch, parameters };
    const at = { steps: this.#steps, epoch: this.#epoch };
    if (resumed) {
      for (const [sink, state] of this.#resumableSinks()) await sink.restore(state);
      await on?.resume?.({ name: 'last', ...at });
    }
    const run: ResumedRun | typeof plan = resumed ? { ...plan, resumedAt: at } : plan;
    for (const sink of this.#sinks) await sink.start?.(run);
  }

  async epochs(): Promise<void> {
    while (!this.#isOver()) await this.#runEpoch();
    if (this.#checkpointer !== null && this.#isUnsaved) await this.#write(['last']);
  }

  async end(failure: { error: unknown } | null): Promise<void> {
    const end = { steps: this.#steps, aborted: this.#aborted, ...failure };
    let sinkFailure: { error: unknown } | null = null;
    for (const sink of this.#sinks) {
      try {
        await sink.end?.(end);
      } catch (error) {
        sinkFailure ??= { error };
      }
    }
    // What ended the run matters more than a log that could not be closed.
    if (failure === null && sinkFailure !== null) throw sinkFailure.error;
  }

  /** Whether no step may follow; remembers an abort. */
  #isOver(): boolean {
    if (this.#epoch >= this.#options.epochs || this.#stoppedEarly) return true;
    this.#aborted ||= this.#options.signal?.aborted ?? false;
    return this.#aborted;
  }

  /** Asks for the batches of the epoch, and learns how many there are. */
  #open(): BatchSource<Item> {
    // In the middle of an epoch the data has to draw what it drew at the epoch's beginning.
    if (this.#batches > 0) this.#moveRandom(this.#randomAtEpochStart);
    else this.#randomAtEpochStart = this.#randomNow();
    const source = this.#options.batches(this.#epoch);
    if (source.length !== undefined) this.#learnLength(Math.ceil(source.length / this.#options.batchesPerStep));
    return source;
  }

  async #runEpoch(): Promise<void> {
    const { on, stepsPerEpoch: limit = Number.POSITIVE_INFINITY } = this.#options;
    const before = this.#sumsBefore;
    if (before === null) await on?.epochStart?.(this.#epoch);
    const source = this.#firstSource ?? this.#open();
    this.#firstSource = null;
    this.#sumsBefore = null;
    const meter = new EpochMeter(this.#epoch, before ?? undefined);
    this.#meter = meter;
    const iterator = await iterateFrom(source, this.#batches);
    if (this.#batches > 0) this.#moveRandom(this.#random);
    try {
      while (meter.steps < limit) {
        // What the next batch draws must not be in a checkpoint of the steps before it.
        this.#random = this.#randomNow();
        const next = await iterator.next();
        if (next.done) break;
        if (!(await this.#takeStep(next.value, iterator, meter))) return;
      }
    } finally {
      await iterator.return?.();
    }
    if (meter.steps === 0) {
      throw new NoBatchesError(`epoch ${this.#epoch}: expected at least one batch, got none; is the data set empty?`);
    }
    await this.#finishEpoch(meter);
  }

  /** @returns false where the signal ended the run */
  async #takeStep(first: Item, iterator: AsyncIterator<Item>, meter: EpochMeter): Promise<boolean> {
    const { on, step, batchesPerStep } = this.#options;
    try {
      await this.#breather.breathe();
      if (this.#isOver()) return false;
      let examples = 0;
      let batches = 0;
      const group = batchGroup(first, iterator, batchesPerStep, ({ x }) => {
        examples += x.shape[0] ?? 0;
        batches += 1;
      });
      const at = { step: this.#steps, epoch: this.#epoch, stepOfEpoch: meter.steps };
      const stepsPerEpoch = this.#stepsPerEpoch;
      const totalSteps = stepsPerEpoch === undefined ? undefined : stepsPerEpoch * this.#options.epochs;
      const outcome = await this.#attempt(() => step(group, { ...at, stepsPerEpoch, totalSteps }));
      this.#requireFinite(outcome);
      const log: StepLog = { ...at, stepsPerEpoch, examples, ...outcome };
      meter.add(log);
      this.#steps += 1;
      this.#batches += batches;
      this.#isUnsaved = true;
      await on?.step?.(log);
      for (const sink of this.#sinks) await sink.step?.(log);
      if (this.#checkpointer?.isDueAfterStep(this.#steps)) {
        this.#random = this.#randomNow();
        await this.#write(['last']);
      }
      return true;
    } finally {
      disposeBatch(first);
    }
  }

  async #finishEpoch(meter: EpochMeter): Promise<void> {
    const { evaluate, on } = this.#options;
    this.#learnLength(meter.steps);
    const tensors = tf.memory().numTensors;
    const metrics = await evaluate?.(this.#epoch);
    const log: EpochRecord = { ...meter.finish(tensors), ...(metrics === undefined ? {} : { metrics }) };
    const value = this.#monitored(log);
    this.#best.update(value);
    const isBest = this.#best.stale === 0;
    if (isBest) this.#bestEpoch = { epoch: this.#epoch, value };
    this.#logs.push(log);
    this.#epoch += 1;
    this.#batches = 0;
    this.#meter = null;
    this.#isUnsaved = true;
    if (this.#stopping?.update(value)) this.#stoppedEarly = true;
    await on?.epoch?.(log);
    for (const sink of this.#sinks) await sink.epoch(log);
    await this.#writeAfterEpoch(isBest);
  }

  async #writeAfterEpoch(isBest: boolean): Promise<void> {
    const checkpointer = this.#checkpointer;
    if (checkpointer === null) return;
    this.#random = this.#randomNow();
    const names: CheckpointEvent['name'][] = [
      ...(isBest && checkpointer.keepsBest ? (['best'] as const) : []),
      ...(checkpointer.isDueAfterEpoch(this.#epoch) ? (['last'] as const) : []),
    ];
    if (names.length > 0) await this.#write(names);
  }

  async #write(names: readonly CheckpointEvent['name'][]): Promise<void> {
    const at = { steps: this.#steps, epoch: this.#epoch };
    this.#sinkStates = this.#sinks.map((sink) => (isResumable(sink) ? sink.capture() : null));
    await this.#checkpointer!.write(names, at, (weight) => {
      const { learningRate = Number.NaN, loss = 0 } = this.#meter?.sums() ?? this.#logs.at(-1) ?? {};
      throw this.#diverged({ step: this.#steps - 1, epoch: this.#epoch, loss, learningRate, weight, applied: true });
    });
    if (names.includes('last')) this.#isUnsaved = false;
    for (const name of names) await this.#options.on?.checkpoint?.({ name, ...at });
  }

  #monitored(log: EpochRecord): number {
    const { metric } = this.#options.monitor ?? { metric: 'loss' };
    const value = metric === 'loss' ? log.loss : log.metrics?.[metric];
    if (value !== undefined) return value;
    throw new TrainOptionError(
      `monitor: expected a metric out of ${['loss', ...Object.keys(log.metrics ?? {})].join(', ')}, got '${metric}'; return it from \`evaluate\``,
    );
  }

  async #attempt(step: () => Promise<StepOutcome>): Promise<StepOutcome> {
    try {
      return await step();
    } catch (error) {
      throw error instanceof TrainingDivergedError ? this.#diverged(error.divergence) : error;
    }
  }

  #requireFinite(outcome: StepOutcome): void {
    if (Number.isFinite(outcome.loss)) return;
    throw this.#diverged({ step: this.#steps, epoch: this.#epoch, applied: true, ...outcome });
  }

  #diverged(at: TrainingDivergedError['divergence']): TrainingDivergedError {
    const checkpointSteps = this.#checkpointer?.steps;
    return new TrainingDivergedError({ ...at, ...(checkpointSteps === undefined ? {} : { checkpointSteps }) });
  }

  #learnLength(steps: number): void {
    if (this.#options.stepsPerEpoch === undefined) this.#stepsPerEpoch = steps;
  }

  #randomNow(): RandomStates {
    return Object.fromEntries(Object.entries(this.#streams).map(([name, rng]) => [name, rng.state()]));
  }

  #moveRandom(states: RandomStates): void {
    for (const [name, rng] of Object.entries(this.#streams)) rng.moveTo(states[name]!);
  }

  #resumableSinks(): [ResumableSink, LoopPosition['sinks'][number]][] {
    return this.#sinks.flatMap((sink, i) =>
      isResumable(sink) && this.#sinkStates[i] != null ? [[sink, this.#sinkStates[i]!]] : [],
    );
  }

  #checkpointParts() {
    return {
      ...this.#options.parts,
      ...this.#options.checkpoint?.parts,
      ...(this.#stopping === null ? {} : { 'early-stopping': this.#stopping }),
      best: this.#best,
      loop: loopPart(
        this.#streams,
        () => this.#position(),
        (position) => this.#goTo(position),
      ),
    };
  }

  #position(): LoopPosition {
    return {
      steps: this.#steps,
      epoch: this.#epoch,
      batches: this.#batches,
      sums: this.#meter?.sums() ?? null,
      stepsPerEpoch: this.#stepsPerEpoch ?? null,
      epochs: this.#logs,
      best: this.#bestEpoch,
      stoppedEarly: this.#stoppedEarly,
      randomAtEpochStart: this.#randomAtEpochStart,
      random: this.#random,
      sinks: this.#sinkStates,
    };
  }

  #goTo(position: LoopPosition): void {
    this.#steps = position.steps;
    this.#epoch = position.epoch;
    this.#batches = position.batches;
    this.#sumsBefore = position.sums;
    this.#stepsPerEpoch = this.#options.stepsPerEpoch ?? position.stepsPerEpoch ?? undefined;
    this.#logs.push(...position.epochs);
    this.#bestEpoch = position.best;
    this.#stoppedEarly = position.stoppedEarly;
    this.#randomAtEpochStart = position.randomAtEpochStart;
    this.#random = position.random;
    this.#sinkStates = position.sinks;
    this.#checkpointer!.steps = position.steps;
  }
}
