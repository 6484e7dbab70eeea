import { requireNonNegative, requirePositive } from '../require-option.js';
import { type Duration, durationInSteps, requireDuration, type Schedule } from './schedule.js';

/** Options of {@link polynomial}: how long the fall takes is given in steps or in epochs, or is the whole run. */
export interface PolynomialOptions extends Duration {
  /** η₀, at step 0. */
  readonly learningRate: number;
  /** What the rate ends at. Default 0. */
  readonly minimum?: number;
  /** 1 (the default) is linear. */
  readonly power?: number;
}

/** η = η_min + (η₀ − η_min)(1 − t/T)^power at step t < T, and η_min from then on. */
export function polynomial(options: PolynomialOptions): Schedule {
  const { learningRate, minimum = 0, power = 1 } = options;
  requireNonNegative('polynomial: learningRate', learningRate);
  requireNonNegative('polynomial: minimum', minimum);
  requirePositive('polynomial: power', power);
  requireDuration('polynomial', options);
  return (progress) => {
    const steps = durationInSteps('polynomial', options, progress);
    return minimum + (learningRate - minimum) * (1 - Math.min(1, progress.step / steps)) ** power;
  };
}
