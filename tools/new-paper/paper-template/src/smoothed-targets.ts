// REPLACE: the first concept of your paper, in a file named by the field's term for it.
import * as tf from '@tensorflow/tfjs';
import { requireLabels, requireSmoothing } from './checks.js';
import { OptionError } from './errors.js';

/** Options of {@link smoothedTargets}. */
export interface SmoothingOptions {
  /** ε, from 0 (one-hot labels) to below 1. Default 0.1, the paper's value. */
  readonly smoothing?: number;
}

/**
 * Smoothed labels (section 7 of the paper): q′(k) = (1 − ε) · [k = y] + ε / C.
 *
 * Row s gives its label 1 − ε + ε / C and every other class ε / C.
 *
 * @param labels y, `[B]` int32, 0 … C − 1 (not checked here: reading values waits for the engine)
 * @param classes C
 * @returns `[B, C]` float32, rows sum to 1; the caller disposes it
 * @throws LabelsError for another shape or dtype; OptionError for ε outside [0, 1) or fewer than two classes
 * @example
 * const targets = smoothedTargets(tf.tensor1d([2, 0], 'int32'), 3, { smoothing: 0.3 });
 */
export function smoothedTargets(
  labels: tf.Tensor1D,
  classes: number,
  { smoothing = 0.1 }: SmoothingOptions = {},
): tf.Tensor2D {
  requireLabels(labels);
  requireSmoothing(smoothing);
  if (!Number.isSafeInteger(classes) || classes < 2) {
    throw new OptionError(`classes: expected a whole number from 2 on, got ${classes}`);
  }
  const other = smoothing / classes;
  return tf.oneHot(labels, classes, 1 - smoothing + other, other, 'float32') as tf.Tensor2D;
}
