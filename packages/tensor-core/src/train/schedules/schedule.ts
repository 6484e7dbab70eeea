import { StepsUnknownError, TrainOptionError } from '../errors.js';
import { requireInteger, requirePositive } from '../require-option.js';

/** Where a training run stands before a step. */
export interface Progress {
  /** Steps taken so far, over all epochs. */
  readonly step: number;
  /** Epochs finished so far. */
  readonly epoch: number;
  /** Undefined while the data does not say how many batches an epoch has. */
  readonly stepsPerEpoch: number | undefined;
  /** Steps of the whole run; undefined like `stepsPerEpoch`. */
  readonly totalSteps: number | undefined;
}

/** The learning rate of the next step: a pure function of where the run stands. */
export type Schedule = (progress: Progress) => number;

/** A length of time in a run: in steps or in epochs, or the whole run where neither is given. */
export interface Duration {
  readonly steps?: number;
  readonly epochs?: number;
}

/** @internal Throws unless at most one of the two is given, and is above 0. */
export function requireDuration(what: string, { steps, epochs }: Duration): void {
  if (steps !== undefined && epochs !== undefined) {
    throw new TrainOptionError(`${what}: expected steps or epochs, got both`);
  }
  if (steps !== undefined) requireInteger(`${what}: steps`, steps, 1);
  if (epochs !== undefined) requirePositive(`${what}: epochs`, epochs);
}

/** @internal A duration in steps. */
export function durationInSteps(what: string, { steps, epochs }: Duration, progress: Progress): number {
  if (steps !== undefined) return steps;
  const known = epochs === undefined ? progress.totalSteps : progress.stepsPerEpoch;
  if (known === undefined) {
    throw new StepsUnknownError(
      `${what}: how many steps an epoch has is not known; pass \`stepsPerEpoch\` to fit, or give the duration in steps`,
    );
  }
  return known * (epochs ?? 1);
}
