import { requireNonNegative } from '../require-option.js';
import { type Duration, durationInSteps, requireDuration, type Schedule } from './schedule.js';

/** Options of {@link cosine}: how long the fall takes is given in steps or in epochs, or is the whole run. */
export interface CosineOptions extends Duration {
  /** η₀, at step 0. */
  readonly learningRate: number;
  /** What the rate ends at. Default 0. */
  readonly minimum?: number;
}

/**
 * Cosine annealing without restarts (Loshchilov and Hutter, 2017), step by step.
 *
 * η = η_min + ½(η₀ − η_min)(1 + cos(πt/T)) at step t < T, and η_min from then on.
 */
export function cosine(options: CosineOptions): Schedule {
  const { learningRate, minimum = 0 } = options;
  requireNonNegative('cosine: learningRate', learningRate);
  requireNonNegative('cosine: minimum', minimum);
  requireDuration('cosine', options);
  return (progress) => {
    const steps = durationInSteps('cosine', options, progress);
    const done = Math.min(1, progress.step / steps);
    return minimum + 0.5 * (learningRate - minimum) * (1 + Math.cos(Math.PI * done));
  };
}
