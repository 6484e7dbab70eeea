// REPLACE: what your public functions check. A message says what was expected, what came and what to do.
import type * as tf from '@tensorflow/tfjs';
import { LabelsError, LogitsError, NonFiniteError, OptionError } from './errors.js';

const describe = (tensor: tf.Tensor) => `[${tensor.shape.join(', ')}] ${tensor.dtype}`;

/** Throws unless the tensor is `[B, C]` float32 with at least one row and two classes; returns B and C. */
export function requireLogits(logits: tf.Tensor): [batch: number, classes: number] {
  if (logits.rank !== 2 || logits.dtype !== 'float32') {
    throw new LogitsError(`logits: expected [B, C] float32, got ${describe(logits)}`);
  }
  const [batch, classes] = logits.shape as [number, number];
  if (batch === 0 || classes < 2) {
    throw new LogitsError(
      `logits: expected at least one row and two classes, got ${describe(logits)}; skip empty batches`,
    );
  }
  return [batch, classes];
}

/** Throws unless the tensor is `[B]` int32. */
export function requireLabels(labels: tf.Tensor, batch?: number): void {
  if (labels.rank !== 1 || labels.dtype !== 'int32' || (batch !== undefined && labels.shape[0] !== batch)) {
    throw new LabelsError(`labels: expected class ids [${batch ?? 'B'}] int32, got ${describe(labels)}`);
  }
}

/** Throws when a label lies outside 0 … classes − 1. */
export function requireLabelValues(labels: ArrayLike<number>, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      const missing = label === -1 ? '; −1 stands for a missing label: leave such examples out' : '';
      throw new LabelsError(`label ${i} is ${label}: expected a class id 0 … ${classes - 1}${missing}`);
    }
  }
}

/** Throws when a value is NaN or infinite. */
export function requireFinite(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new NonFiniteError(
        `logits: value ${i} is ${values[i]}; look for NaN in the inputs, then for a learning rate that is too high`,
      );
    }
  }
}

/** The value; throws unless 0 ≤ ε < 1. */
export function requireSmoothing(smoothing: number): number {
  if (smoothing >= 0 && smoothing < 1) return smoothing;
  throw new OptionError(`smoothing: expected a number from 0 to below 1, got ${smoothing}; the usual value is 0.1`);
}
