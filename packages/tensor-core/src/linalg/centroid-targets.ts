import type { Matrix } from '@tensor-papers/numerics/linalg';
import * as tf from '@tensorflow/tfjs';

/** What rows are compared with: the nearest centroid c of x is that with the largest x·c − ‖c‖²/2. The caller disposes both. */
export interface CentroidTargets {
  /** `[parts, k, d]` */
  readonly c: tf.Tensor3D;
  /** −‖c‖²/2, `[parts, k]` */
  readonly b: tf.Tensor2D;
}

/** @param centroids of all parts, one a row, `[parts · k × d]` */
export function centroidTargets({ rows, columns: d, values }: Matrix, parts: number, scale: number): CentroidTargets {
  const vectors = new Float32Array(rows * d);
  const offsets = new Float32Array(rows);
  for (let i = 0, at = 0; i < rows; i++) {
    let squares = 0;
    for (let j = 0; j < d; j++, at++) {
      const value = values[at]! * scale;
      vectors[at] = value;
      squares += value * value;
    }
    offsets[i] = -squares / 2;
  }
  const k = rows / parts;
  return { c: tf.tensor3d(vectors, [parts, k, d]), b: tf.tensor2d(offsets, [parts, k]) };
}
