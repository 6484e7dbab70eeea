import * as tf from '@tensorflow/tfjs';
import { OpShapeError } from './errors.js';
import { requireDtype } from './require-argument.js';
import { scatterNd } from './scatter-nd.js';
import { withGradient } from './with-gradient.js';

/**
 * The entries or slices of x at the given places: y[i…] = x[indices[i…, 0], …, indices[i…, K − 1]].
 *
 * The gradient adds up where a place is read more than once. (`tf.gatherND` has none.)
 *
 * @param x float32 `[d₁, …, dₙ]`
 * @param indices int32 `[…, K]`, 1 ≤ K ≤ n, each within its dimension: what lies outside is not checked, and undefined
 * @returns float32 `[…, dₖ₊₁, …, dₙ]`; the caller disposes it
 * @throws OpDtypeError, OpShapeError
 */
export function gatherNd(x: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  requireDtype('gatherNd: x', x, 'float32');
  requireDtype('gatherNd: indices', indices, 'int32');
  const depth = indices.shape[indices.rank - 1] ?? 0;
  if (depth < 1 || depth > x.rank) {
    throw new OpShapeError(
      `gatherNd: indices: expected [..., K] with K from 1 to the rank of x, ${x.rank}, got [${indices.shape}]`,
    );
  }
  return withGradient(
    [x],
    [indices],
    () => tf.gatherND(x, indices),
    (dy, [places]) => [scatterNd(places!, dy, x.shape)],
  );
}
