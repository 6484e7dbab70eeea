import { requireInteger, requireNonNegative } from '../require-option.js';
import type { Schedule } from './schedule.js';

/** Options of {@link stepDecay}. */
export interface StepDecayOptions {
  /** η₀, in the first `every` epochs. */
  readonly learningRate: number;
  /** Epochs between two drops. */
  readonly every: number;
  readonly factor: number;
}

/** η = η₀ · factor^⌊epoch / every⌋. */
export function stepDecay({ learningRate, every, factor }: StepDecayOptions): Schedule {
  requireNonNegative('stepDecay: learningRate', learningRate);
  requireInteger('stepDecay: every', every, 1);
  requireNonNegative('stepDecay: factor', factor);
  return ({ epoch }) => learningRate * factor ** Math.floor(epoch / every);
}
