import * as tf from '@tensorflow/tfjs';
import { OpShapeError } from './errors.js';
import { gatherNd } from './gather-nd.js';
import { requireDtype } from './require-argument.js';
import { withGradient } from './with-gradient.js';

/**
 * Zeros of a shape, with the updates added at the given places: y[indices[i…]] += updates[i…]; the reverse of {@link gatherNd}.
 *
 * Each update gets the gradient of its place. (`tf.scatterND` has none.)
 *
 * @param indices int32 `[…, K]`, 1 ≤ K ≤ n, each within its dimension: what lies outside is not checked, and undefined
 * @param updates float32 `[…, dₖ₊₁, …, dₙ]`
 * @param shape `[d₁, …, dₙ]`
 * @returns float32 of that shape; the caller disposes it
 * @throws OpDtypeError, OpShapeError
 */
export function scatterNd(indices: tf.Tensor, updates: tf.Tensor, shape: readonly number[]): tf.Tensor {
  requireDtype('scatterNd: indices', indices, 'int32');
  requireDtype('scatterNd: updates', updates, 'float32');
  const depth = indices.shape[indices.rank - 1] ?? 0;
  if (depth < 1 || depth > shape.length) {
    throw new OpShapeError(
      `scatterNd: indices: expected [..., K] with K from 1 to the length of shape, ${shape.length}, got [${indices.shape}]`,
    );
  }
  const expected = [...indices.shape.slice(0, -1), ...shape.slice(depth)];
  if (updates.shape.join() !== expected.join()) {
    throw new OpShapeError(`scatterNd: updates: expected the shape [${expected}], got [${updates.shape}]`);
  }
  return withGradient(
    [updates],
    [indices],
    () => tf.scatterND(indices, updates, [...shape]),
    (dy, [places]) => [gatherNd(dy, places!)],
  );
}
