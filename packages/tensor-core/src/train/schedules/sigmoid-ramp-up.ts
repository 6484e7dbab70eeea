import { requireNonNegative } from '../require-option.js';
import { type Duration, durationInSteps, requireDuration, type Schedule } from './schedule.js';

/** Options of {@link sigmoidRampUp}: how long the rise takes is given in steps or in epochs, or is the whole run. */
export interface SigmoidRampUpOptions extends Duration {
  /** What the rise ends at: a learning rate, or the weight of a loss. */
  readonly maximum: number;
}

/**
 * A sigmoid-shaped rise (Laine and Aila, 2017): value = maximum · exp(−5(1 − t/T)²) at step t < T, and maximum from then on.
 *
 * It starts at 0.0067 · maximum.
 */
export function sigmoidRampUp(options: SigmoidRampUpOptions): Schedule {
  const { maximum } = options;
  requireNonNegative('sigmoidRampUp: maximum', maximum);
  requireDuration('sigmoidRampUp', options);
  return (progress) => {
    const left = 1 - Math.min(1, progress.step / durationInSteps('sigmoidRampUp', options, progress));
    return maximum * Math.exp(-5 * left * left);
  };
}
