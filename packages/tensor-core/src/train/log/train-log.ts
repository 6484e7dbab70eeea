/** What a run is going to do, as far as it is known. */
export interface TrainRun {
  readonly epochs: number;
  /** Undefined while the data does not say. */
  readonly stepsPerEpoch: number | undefined;
  readonly parameters: number;
}

/** One step, after its update. */
export interface StepLog {
  /** Counted from 0 over all epochs. */
  readonly step: number;
  readonly epoch: number;
  /** Which step of the epoch, counted from 0. */
  readonly stepOfEpoch: number;
  readonly stepsPerEpoch: number | undefined;
  readonly examples: number;
  /** The sum of all terms. */
  readonly loss: number;
  /** The terms by name, where the loss has named terms. */
  readonly losses?: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** ‖g‖ before clipping; only with `clipNorm`. */
  readonly gradientNorm?: number;
}

/** One finished epoch. */
export interface EpochLog {
  /** Counted from 0. */
  readonly epoch: number;
  readonly steps: number;
  readonly examples: number;
  /** Mean over the epoch's examples, each batch taken before its update. */
  readonly loss: number;
  readonly losses?: Readonly<Record<string, number>>;
  /** Of the last step. */
  readonly learningRate: number;
  readonly seconds: number;
  readonly examplesPerSecond: number;
  /** Tensors alive in the engine at the end of the epoch. */
  readonly tensors: number;
}

/** What `fit` returns. */
export interface TrainHistory {
  /** The finished epochs. */
  readonly epochs: readonly EpochLog[];
  /** Steps taken, those of an unfinished epoch included. */
  readonly steps: number;
  /** Whether the signal ended the run. */
  readonly aborted: boolean;
}

/** How a run ended. */
export interface TrainEnd {
  readonly steps: number;
  readonly aborted: boolean;
  /** What ended it early, where something was thrown. */
  readonly error?: unknown;
}

/** Receives what happens in a run: a progress bar, a file. */
export interface TrainLogSink {
  start?(run: TrainRun): void | Promise<void>;
  step?(log: StepLog): void | Promise<void>;
  epoch(log: EpochLog): void | Promise<void>;
  /** Called once, whatever ended the run. */
  end?(end: TrainEnd): void | Promise<void>;
}
