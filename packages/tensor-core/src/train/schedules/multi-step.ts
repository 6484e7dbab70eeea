import { TrainOptionError } from '../errors.js';
import { requireNonNegative } from '../require-option.js';
import type { Schedule } from './schedule.js';

/** Options of {@link multiStep}. */
export interface MultiStepOptions {
  /** η₀, before the first milestone. */
  readonly learningRate: number;
  /** Epochs (ascending) from whose beginning on the rate is multiplied once more. */
  readonly milestones: readonly number[];
  readonly factor: number;
}

/** η = η₀ · factor^k, k = the number of milestones reached (epoch ≥ milestone, epochs counted from 0). */
export function multiStep({ learningRate, milestones, factor }: MultiStepOptions): Schedule {
  requireNonNegative('multiStep: learningRate', learningRate);
  requireNonNegative('multiStep: factor', factor);
  if (milestones.some((epoch, i) => !Number.isFinite(epoch) || epoch <= (milestones[i - 1] ?? 0))) {
    throw new TrainOptionError(
      `multiStep: milestones: expected ascending epochs above 0, got [${milestones.join(', ')}]`,
    );
  }
  return ({ epoch }) => learningRate * factor ** milestones.filter((milestone) => epoch >= milestone).length;
}
