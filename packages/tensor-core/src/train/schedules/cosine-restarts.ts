import { TrainOptionError } from '../errors.js';
import { requireNonNegative } from '../require-option.js';
import { type Duration, durationInSteps, requireDuration, type Schedule } from './schedule.js';

/** Options of {@link cosineRestarts}: the length of the first cycle is given in steps or in epochs. */
export interface CosineRestartsOptions extends Duration {
  /** η₀, at the beginning of each cycle. */
  readonly learningRate: number;
  /** What each cycle falls to. Default 0. */
  readonly minimum?: number;
  /** How many times longer each cycle is than the one before; at least 1. Default 1. */
  readonly lengthFactor?: number;
}

/**
 * Cosine annealing with warm restarts (Loshchilov and Hutter, 2017), step by step.
 *
 * η = η_min + ½(η₀ − η_min)(1 + cos(πt/T_i)) at step t of the i-th cycle, T_i = T_0 · lengthFactor^i.
 */
export function cosineRestarts(options: CosineRestartsOptions): Schedule {
  const { learningRate, minimum = 0, lengthFactor = 1 } = options;
  requireNonNegative('cosineRestarts: learningRate', learningRate);
  requireNonNegative('cosineRestarts: minimum', minimum);
  requireDuration('cosineRestarts', options);
  if (options.steps === undefined && options.epochs === undefined) {
    throw new TrainOptionError(
      'cosineRestarts: expected the length of the first cycle in steps or epochs, got neither',
    );
  }
  if (!(Number.isFinite(lengthFactor) && lengthFactor >= 1)) {
    throw new TrainOptionError(`cosineRestarts: lengthFactor: expected a number of at least 1, got ${lengthFactor}`);
  }
  return (progress) => {
    let length = durationInSteps('cosineRestarts', options, progress);
    let step = progress.step;
    if (lengthFactor === 1) step %= length;
    else {
      while (step >= length) {
        step -= length;
        length *= lengthFactor;
      }
    }
    return minimum + 0.5 * (learningRate - minimum) * (1 + Math.cos((Math.PI * step) / length));
  };
}
