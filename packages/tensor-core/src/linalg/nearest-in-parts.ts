import { type Matrix, rowRange } from '@tensor-papers/numerics/linalg';
import * as tf from '@tensorflow/tfjs';
import { centroidTargets } from './centroid-targets.js';
import { largestProducts, rowsTogether } from './largest-products.js';
import { scaleOf } from './scale-of.js';

/** `nearestInParts` of the operations; undefined for numbers whose squares float32 does not hold. */
export async function nearestInParts(rows: Matrix, centroids: Matrix, parts: number): Promise<Int32Array | undefined> {
  if (scaleOf(rows, new Float64Array(rows.columns)) !== 1) return undefined;
  const nearest = new Int32Array(rows.rows * parts);
  const { c, b } = centroidTargets(centroids, parts, 1);
  const step = rowsTogether(rows.columns);
  try {
    for (let start = 0; start < rows.rows; start += step) {
      const places = tf.tidy(() => {
        const { rows: n, columns, values } = rowRange(rows, start, Math.min(rows.rows, start + step));
        const block = values instanceof Float32Array ? values : Float32Array.from(values);
        return largestProducts(tf.tensor2d(block, [n, columns]), c, b);
      });
      try {
        nearest.set(await places.data(), start * parts);
      } finally {
        places.dispose();
      }
    }
  } finally {
    tf.dispose([c, b]);
  }
  return nearest;
}
