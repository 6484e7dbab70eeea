import type { EpochLog, TrainHistory } from './log/train-log.js';

/** One finished epoch, with what `evaluate` returned for it. */
export interface EpochRecord extends EpochLog {
  readonly metrics?: Readonly<Record<string, number>>;
}

/** What `fit` and `trainLoop` return. */
export interface FitHistory extends Omit<TrainHistory, 'epochs'> {
  /** The finished epochs. */
  readonly epochs: readonly EpochRecord[];
  /** Set where early stopping ended the run. */
  readonly stoppedEarly?: true;
  /** The epoch with the best value of the monitored metric; set where a metric is monitored. */
  readonly best?: { readonly epoch: number; readonly value: number };
}
