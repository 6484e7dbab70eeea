import type { Rng } from '@tensor-papers/numerics/random';
import type { Batch, BatchLike, BatchSource } from '../batch.js';
import type { CheckpointPart } from '../checkpoint/checkpoint-part.js';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.js';
import type { EarlyStoppingOptions } from '../early-stopping.js';
import type { EpochRecord } from '../history.js';
import type { StepLog, TrainLogSink } from '../log/train-log.js';
import type { Progress } from '../schedules/schedule.js';

/** What tells good epochs from bad ones. */
export interface Monitor {
  /** `loss`, or a name of what `evaluate` returns. */
  readonly metric: string;
  /** Whether smaller or larger values are better. */
  readonly mode: 'min' | 'max';
}

/** When checkpoints are written, and where. */
export interface CheckpointOptions {
  readonly store: CheckpointStore;
  /** Write `last` after every n-th step. */
  readonly everySteps?: number;
  /** Write `last` after every n-th epoch. Default 1 where `everySteps` is not given. */
  readonly everyEpochs?: number;
  /** Write `best` as well when the monitored metric is better than in every epoch before. Default false. */
  readonly keepBest?: boolean;
  /** Random streams that data or hooks draw from in passing. (What follows from a seed and the epoch alone needs no saving.) */
  readonly random?: Readonly<Record<string, Rng>>;
  /** More parts that a resumed run needs. */
  readonly parts?: Readonly<Record<string, CheckpointPart>>;
  /** Resume although another engine, version or number of threads computes: the bits will differ. Default false. */
  readonly allowOtherEngine?: boolean;
}

/** A checkpoint that was written, or resumed from. */
export interface CheckpointEvent {
  readonly name: 'last' | 'best';
  /** Steps taken by then. */
  readonly steps: number;
  readonly epoch: number;
}

/** Called while a run goes on. What they throw ends it. */
export interface LoopHooks {
  /** Before the first batch of an epoch is asked for. */
  epochStart?(epoch: number): void | Promise<void>;
  step?(log: StepLog): void | Promise<void>;
  epoch?(log: EpochRecord): void | Promise<void>;
  /** After a checkpoint was written. */
  checkpoint?(event: CheckpointEvent): void | Promise<void>;
  /** After the run was put where a checkpoint stood. */
  resume?(event: CheckpointEvent): void | Promise<void>;
}

/** What every training loop takes. */
export interface LoopSettings<Item extends BatchLike = Batch> {
  /** The batches of an epoch (counted from 0). The loop disposes each batch after its step. */
  batches(epoch: number): BatchSource<Item>;
  readonly epochs: number;
  /** Ends an epoch after that many steps. Default: when its batches end. */
  readonly stepsPerEpoch?: number;
  /** Metrics of an epoch, such as the accuracy on validation data; they stand in its log. */
  evaluate?(epoch: number): Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
  /** What early stopping and `keepBest` look at. Default: the smallest `loss`. */
  readonly monitor?: Monitor;
  /** Ends the run when the monitored metric no longer improves. */
  readonly earlyStopping?: Omit<EarlyStoppingOptions, 'mode'>;
  readonly checkpoint?: CheckpointOptions;
  /** Go on where `last` stands: `true` needs one, `auto` begins anew where there is none. */
  readonly resume?: boolean | 'auto';
  readonly on?: LoopHooks;
  /** Ends the run before the next step; the weights stay as they are. */
  readonly signal?: AbortSignal;
  readonly sinks?: readonly TrainLogSink[];
}

/** Where a step stands. */
export interface StepPosition extends Progress {
  /** Which step of the epoch, counted from 0. */
  readonly stepOfEpoch: number;
}

/** What a step gives back. */
export interface StepOutcome {
  /** What is logged as the loss; the run ends when it is not finite. */
  readonly loss: number;
  /** Terms that are logged apart. */
  readonly losses?: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** ‖g‖ before clipping. */
  readonly gradientNorm?: number;
}

/** @internal A loop whose step takes several batches, one after the other. */
export interface LoopOptions<Item extends BatchLike> extends LoopSettings<Item> {
  readonly batchesPerStep: number;
  /** Of all models together, for the sinks. */
  readonly parameters: number;
  /** What checkpoints hold besides the loop's own state. */
  readonly parts: Readonly<Record<string, CheckpointPart>>;
  step(batches: AsyncIterable<Item>, at: StepPosition): Promise<StepOutcome>;
}
