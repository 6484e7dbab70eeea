import * as tf from '@tensorflow/tfjs';
import type { BatchLike } from './batch.js';
import { EmptyBatchError, NonFiniteInputError } from './errors.js';
import { readScalar } from './read-scalar.js';

/**
 * Checks that a batch holds examples and that its inputs are finite.
 *
 * The sum of all inputs is finite only when each of them is; the rows are looked at only when it is not. Some engines drop
 * NaN in a ReLU, so that the loss alone would not show it.
 */
export async function checkBatch(batch: BatchLike, at: { epoch: number; batch: number }): Promise<void> {
  const { x } = batch;
  const rows = x.shape[0] ?? 0;
  if (rows === 0 || x.size === 0) {
    throw new EmptyBatchError(
      `batch ${at.batch} of epoch ${at.epoch}: expected at least one example, got shape [${x.shape.join(', ')}]; leave empty batches out`,
    );
  }
  if (x.dtype !== 'float32') return;
  const sum = tf.sum(x) as tf.Scalar;
  const finite = Number.isFinite(await readScalar(sum));
  sum.dispose();
  if (finite) return;
  const values = await x.data();
  const rowSize = x.size / rows;
  const bad = Array.from({ length: rows }, (_, row) => row).filter((row) =>
    values.subarray(row * rowSize, (row + 1) * rowSize).some((value) => !Number.isFinite(value)),
  );
  // Finite inputs may add up to infinity.
  if (bad.length === 0) return;
  const indices = batch.indices === undefined ? null : bad.map((row) => batch.indices![row]!);
  throw new NonFiniteInputError({ ...at, rows: bad, indices });
}
