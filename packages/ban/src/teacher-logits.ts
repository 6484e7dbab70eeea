import type { BatchLike } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { LogitsError, MissingInputError } from './errors.js';
import { type Classifier, classify } from './teacher.js';

/** The teacher's logits `[B, C]` of a batch. The caller disposes what it returns. */
export type TeacherLogits = (batch: BatchLike) => tf.Tensor2D;

/** Evaluates the teacher on the very batch that the student sees, in inference mode: right for augmented data too. */
export function liveTeacherLogits(teacher: Classifier): TeacherLogits {
  return ({ x }) => classify(teacher, x);
}

/**
 * Looks the teacher's logits up by example: the same as {@link liveTeacherLogits}, once paid, while the images never change.
 *
 * @param logits `[n × C]` row-major, row i of example i, as `predictLogits(teacher, data)` returns them
 * @param classes C
 * @throws LogitsError for an array that is no multiple of C; the function returned throws MissingInputError for a batch
 *   without `indices`, LogitsError for an index outside 0 … n − 1
 * @example
 * const targets = cachedTeacherLogits(await predictLogits(teacher, train), 10);
 * await fit({ model, optimizer, epochs, batches, targets, loss: (z, { y }, t) => banLoss(z, t, y) });
 */
export function cachedTeacherLogits(logits: Float32Array, classes: number): TeacherLogits {
  const rows = logits.length / classes;
  if (!Number.isInteger(rows)) {
    throw new LogitsError(`cached logits: expected rows of ${classes} values, got ${logits.length} values in all`);
  }
  return ({ indices }) => {
    if (!indices) {
      throw new MissingInputError(
        'cached logits need to know which examples a batch holds: give batches with `indices`, or evaluate the teacher on them',
      );
    }
    const values = new Float32Array(indices.length * classes);
    indices.forEach((index, i) => {
      if (index < 0 || index >= rows) {
        throw new LogitsError(`cached logits: expected an example 0 … ${rows - 1}, got ${index}`);
      }
      values.set(logits.subarray(index * classes, (index + 1) * classes), i * classes);
    });
    return tf.tensor2d(values, [indices.length, classes]);
  };
}
