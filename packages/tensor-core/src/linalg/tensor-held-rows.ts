import type { Assignment, CentroidSums, HeldRows, Matrix } from '@tensor-papers/numerics/linalg';
import * as tf from '@tensorflow/tfjs';
import { scaleOf } from './scale-of.js';
import { sumByIndex } from './sum-by-index.js';

/** Rows of a block: its scores against some hundred centroids stay in the processor's cache. */
const BLOCK_ROWS = 4096;

/** Scores that are computed at once. */
const SCORES = 2 ** 20;

/**
 * Rows for k-means on the engine. A block is `[x − o, 1]`, centroids are `[c, −‖c‖²/2]`: one matrix product gives x·c − ‖c‖²/2, which is
 * largest for the nearest centroid, and the last column of the sums is the counts.
 */
export class TensorHeldRows implements HeldRows {
  readonly #rows: Matrix;
  readonly #origin: Float64Array;
  readonly #scale: number;
  readonly #resident: boolean;
  #blocks: tf.Tensor2D[] = [];

  constructor(rows: Matrix, origin: Float64Array, residentBytes: number) {
    this.#rows = rows;
    this.#origin = origin;
    this.#scale = scaleOf(rows, origin);
    this.#resident = 4 * rows.rows * (rows.columns + 1) <= residentBytes;
  }

  async sumByCentroid(centroids: Matrix): Promise<CentroidSums> {
    const { rows: k, columns: d } = centroids;
    const sums = new Float64Array(k * d);
    const counts = new Float64Array(k);
    await this.#visit(centroids, async (block, nearest) => {
      const blockSums = tf.tidy(() => sumByIndex(block, nearest(), k));
      try {
        const values = await blockSums.data();
        for (let i = 0, from = 0, to = 0; i < k; i++, from++) {
          for (let j = 0; j < d; j++, from++, to++) sums[to]! += values[from]! / this.#scale;
          counts[i]! += values[from]!;
        }
      } finally {
        blockSums.dispose();
      }
    });
    return { sums, counts };
  }

  async assign(centroids: Matrix): Promise<Assignment> {
    const assignments = new Int32Array(this.#rows.rows);
    let start = 0;
    await this.#visit(centroids, async (_, nearest) => {
      const indices = nearest();
      try {
        const values = await indices.data();
        assignments.set(values, start);
        start += values.length;
      } finally {
        indices.dispose();
      }
    });
    return { assignments, squaredDistances: this.#distancesTo(centroids, assignments) };
  }

  dispose(): void {
    tf.dispose(this.#blocks);
    this.#blocks = [];
  }

  async #visit(
    centroids: Matrix,
    see: (block: tf.Tensor2D, nearest: () => tf.Tensor1D) => Promise<void>,
  ): Promise<void> {
    const targets = withHalfSquares(centroids, this.#scale);
    const step = Math.min(BLOCK_ROWS, Math.max(1, Math.floor(SCORES / centroids.rows)));
    try {
      for (let start = 0; start < this.#rows.rows; start += BLOCK_ROWS) {
        const block = this.#blockAt(start);
        try {
          for (let from = 0; from < block.shape[0]; from += step) {
            const part = from === 0 && step >= block.shape[0] ? block : sliceRows(block, from, step);
            try {
              await see(part, () => tf.tidy(() => tf.argMax(tf.matMul(part, targets, false, true), 1)));
            } finally {
              if (part !== block) part.dispose();
            }
          }
        } finally {
          if (!this.#resident) block.dispose();
        }
      }
    } finally {
      targets.dispose();
    }
  }

  #blockAt(start: number): tf.Tensor2D {
    const index = start / BLOCK_ROWS;
    const held = this.#blocks[index];
    if (held) return held;
    const { rows, columns: d, values } = this.#rows;
    const count = Math.min(BLOCK_ROWS, rows - start);
    const block = new Float32Array(count * (d + 1));
    for (let i = 0, from = start * d, to = 0; i < count; i++) {
      for (let j = 0; j < d; j++, from++, to++) block[to] = (values[from]! - this.#origin[j]!) * this.#scale;
      block[to++] = 1;
    }
    const tensor = tf.tensor2d(block, [count, d + 1]);
    if (this.#resident) this.#blocks[index] = tensor;
    return tensor;
  }

  /** In float64 and by differences: rows that coincide with their centroid have distance 0. */
  #distancesTo({ columns: d, values: centres }: Matrix, assignments: Int32Array): Float64Array {
    const { values } = this.#rows;
    const distances = new Float64Array(assignments.length);
    for (let row = 0, at = 0; row < assignments.length; row++) {
      let sum = 0;
      for (let j = 0, centre = assignments[row]! * d; j < d; j++, at++, centre++) {
        const off = values[at]! - this.#origin[j]! - centres[centre]!;
        sum += off * off;
      }
      distances[row] = sum;
    }
    return distances;
  }
}

function sliceRows(block: tf.Tensor2D, from: number, count: number): tf.Tensor2D {
  return tf.slice2d(block, [from, 0], [Math.min(count, block.shape[0] - from), block.shape[1]]);
}

/** `[c, −‖c‖²/2]` of scaled centroids, `[k × (d + 1)]`. */
function withHalfSquares({ rows, columns: d, values }: Matrix, scale: number): tf.Tensor2D {
  const targets = new Float32Array(rows * (d + 1));
  for (let i = 0, from = 0, to = 0; i < rows; i++) {
    let squares = 0;
    for (let j = 0; j < d; j++, from++, to++) {
      const value = values[from]! * scale;
      targets[to] = value;
      squares += value * value;
    }
    targets[to++] = -squares / 2;
  }
  return tf.tensor2d(targets, [rows, d + 1]);
}
