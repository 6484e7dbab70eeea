import type * as tf from '@tensorflow/tfjs';
import { ClassCountError, EmptyBatchError, LabelsError, LogitsError, NonFiniteError } from './errors.js';

const describe = (tensor: tf.Tensor) => `[${tensor.shape.join(', ')}] ${tensor.dtype}`;

/** Throws unless the tensor is `[B, C]` float32 with at least one row and one class; returns B and C. */
export function requireLogits(what: string, logits: tf.Tensor): [batch: number, classes: number] {
  if (logits.rank !== 2 || logits.dtype !== 'float32') {
    throw new LogitsError(`${what}: expected logits [B, C] float32, got ${describe(logits)}`);
  }
  const [batch, classes] = logits.shape as [number, number];
  if (batch === 0) throw new EmptyBatchError(`${what}: expected at least one row, got an empty batch [0, ${classes}]`);
  if (classes === 0) throw new LogitsError(`${what}: expected at least one class, got ${describe(logits)}`);
  return [batch, classes];
}

/** Throws unless both logits have the same number of rows and classes. */
export function requireSameShape(studentLogits: tf.Tensor, teacherLogits: tf.Tensor): void {
  const [batch, classes] = requireLogits('studentLogits', studentLogits);
  const [teacherBatch, teacherClasses] = requireLogits('teacherLogits', teacherLogits);
  if (teacherClasses !== classes) {
    throw new ClassCountError(
      `the teacher has ${teacherClasses} classes, the student ${classes}: ` +
        'both need the same classes in the same order; give the student as many outputs or take another teacher',
    );
  }
  if (teacherBatch !== batch) {
    throw new LogitsError(
      `teacherLogits: expected ${batch} rows like the student's, got ${teacherBatch}; feed both the same batch`,
    );
  }
}

/** Throws unless the tensor is `[B]` int32. */
export function requireLabels(labels: tf.Tensor, batch: number): void {
  if (labels.rank !== 1 || labels.dtype !== 'int32' || labels.shape[0] !== batch) {
    throw new LabelsError(`labels: expected class ids [${batch}] int32, got ${describe(labels)}`);
  }
}

/** Throws when a label lies outside 0 … classes − 1; with `allowMissing`, −1 passes too. */
export function requireLabelValues(
  labels: ArrayLike<number>,
  classes: number,
  { allowMissing = false }: { readonly allowMissing?: boolean } = {},
): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (allowMissing && label === -1) continue;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new LabelsError(
        `label ${i} is ${label}: expected a class id 0 … ${classes - 1}` +
          (label === -1 ? '; −1 stands for a missing label, which this mode cannot use' : ''),
      );
    }
  }
}

/** Throws when a value is NaN or infinite. */
export function requireFinite(what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new NonFiniteError(
        `${what}: value ${i} is ${values[i]}; look for NaN in the inputs, then for a learning rate that is too high`,
      );
    }
  }
}
