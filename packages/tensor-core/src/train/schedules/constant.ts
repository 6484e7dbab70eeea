import { requireNonNegative } from '../require-option.js';
import type { Schedule } from './schedule.js';

/** The same learning rate at every step. */
export function constant(learningRate: number): Schedule {
  requireNonNegative('constant: learningRate', learningRate);
  return () => learningRate;
}
