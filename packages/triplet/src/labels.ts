import type * as tf from '@tensorflow/tfjs';
import { LabelsError } from './errors.js';

/**
 * Class ids, one a row: a `[B]` int32 tensor, or numbers (which spare the engine a read). −1 stands for a missing label: such a row is
 * neither positive nor negative of any other, and no anchor.
 */
export type Labels = tf.Tensor1D | ArrayLike<number>;

/** The label of a row without one. */
export const MISSING = -1;

const isTensor = (labels: Labels): labels is tf.Tensor1D => 'dataId' in labels;

/** The labels as integers. Throws unless there are `length` of them, integers of at least −1. */
export function readLabels(what: string, labels: Labels, length: number): Int32Array {
  if (typeof labels !== 'object' || labels === null) {
    throw new LabelsError(`${what}: expected ${length} class ids as a tensor or numbers, got ${labels}`);
  }
  if (isTensor(labels) && (labels.rank !== 1 || labels.dtype !== 'int32')) {
    throw new LabelsError(`${what}: expected class ids [B] int32, got [${labels.shape.join(', ')}] ${labels.dtype}`);
  }
  const count = isTensor(labels) ? labels.size : labels.length;
  if (count !== length) {
    throw new LabelsError(`${what}: expected ${length} class ids, one a row of the embeddings, got ${count}`);
  }
  const given: ArrayLike<number> = isTensor(labels) ? labels.dataSync() : labels;
  const ids = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const id = given[i]!;
    ids[i] = id;
    if (ids[i] !== id || id < MISSING) {
      throw new LabelsError(`${what}: row ${i}: expected a class id of at least 0 (−1 where missing), got ${id}`);
    }
  }
  return ids;
}
