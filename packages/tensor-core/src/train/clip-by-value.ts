import * as tf from '@tensorflow/tfjs';
import { requirePositive } from './require-option.js';

/**
 * Limits every value of the gradients: g ← min(max(g, −maximum), maximum).
 *
 * @param gradients tensors by name; they stay the caller's
 * @param maximum above 0
 * @returns new tensors of the same shapes; the caller disposes them
 * @throws TrainOptionError for a maximum that is not above 0
 * @example
 * const clipped = clipByValue(gradients, 0.5);
 */
export function clipByValue(gradients: tf.NamedTensorMap, maximum: number): tf.NamedTensorMap {
  requirePositive('clipByValue: maximum', maximum);
  const entries = Object.entries(gradients);
  return Object.fromEntries(entries.map(([name, gradient]) => [name, tf.clipByValue(gradient, -maximum, maximum)]));
}
