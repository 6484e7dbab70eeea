import type { Assignment, CentroidSums, HeldRows, Matrix } from '@tensor-papers/numerics/linalg';
import * as tf from '@tensorflow/tfjs';
import { RunningCentroidSums } from './centroid-sums.js';
import { centroidTargets } from './centroid-targets.js';
import { correlateSigns } from './correlate-signs.js';
import { largestProducts, rowsTogether } from './largest-products.js';
import { scaleOf } from './scale-of.js';

/** Held rows on the engine, as blocks of x − o. */
export class TensorHeldRows implements HeldRows {
  readonly #rows: Matrix;
  readonly #origin: Float64Array;
  readonly #scale: number;
  readonly #resident: boolean;
  readonly #blockRows: number;
  readonly #running: RunningCentroidSums;
  #blocks: tf.Tensor2D[] = [];

  constructor(rows: Matrix, origin: Float64Array, residentBytes: number) {
    this.#rows = rows;
    this.#origin = origin;
    this.#scale = scaleOf(rows, origin);
    this.#resident = 4 * rows.rows * rows.columns <= residentBytes;
    this.#blockRows = rowsTogether(rows.columns);
    this.#running = new RunningCentroidSums(rows, origin);
  }

  async sumByCentroid(centroids: Matrix): Promise<CentroidSums> {
    return this.#running.update(await this.#nearest(centroids), centroids.rows);
  }

  async assign(centroids: Matrix): Promise<Assignment> {
    const assignments = await this.#nearest(centroids);
    return { assignments, squaredDistances: squaredDistances(this.#rows, this.#origin, centroids, assignments) };
  }

  async correlateWithSigns({ rows: d, columns: k, values }: Matrix): Promise<Matrix> {
    const sums = new Float64Array(d * k);
    const directions = tf.tensor2d(Float32Array.from(values), [d, k]);
    try {
      for (let start = 0; start < this.#rows.rows; start += this.#blockRows) {
        const block = this.#blockAt(start);
        const product = correlateSigns(block, directions);
        try {
          const part = await product.data();
          for (let i = 0; i < sums.length; i++) sums[i]! += part[i]! / this.#scale;
        } finally {
          product.dispose();
          if (!this.#resident) block.dispose();
        }
      }
    } finally {
      directions.dispose();
    }
    return { rows: d, columns: k, values: sums };
  }

  dispose(): void {
    tf.dispose(this.#blocks);
    this.#blocks = [];
  }

  async #nearest(centroids: Matrix): Promise<Int32Array> {
    const nearest = new Int32Array(this.#rows.rows);
    const { c, b } = centroidTargets(centroids, 1, this.#scale);
    try {
      for (let start = 0; start < nearest.length; start += this.#blockRows) {
        const block = this.#blockAt(start);
        const places = largestProducts(block, c, b);
        try {
          nearest.set(await places.data(), start);
        } finally {
          places.dispose();
          if (!this.#resident) block.dispose();
        }
      }
    } finally {
      tf.dispose([c, b]);
    }
    return nearest;
  }

  #blockAt(start: number): tf.Tensor2D {
    const index = start / this.#blockRows;
    const held = this.#blocks[index];
    if (held) return held;
    const { rows, columns: d, values } = this.#rows;
    const [origin, scale] = [this.#origin, this.#scale];
    const count = Math.min(this.#blockRows, rows - start);
    const block = new Float32Array(count * d);
    for (let i = 0, from = start * d, to = 0; i < count; i++) {
      for (let j = 0; j < d; j++, from++, to++) block[to] = (values[from]! - origin[j]!) * scale;
    }
    const tensor = tf.tensor2d(block, [count, d]);
    if (this.#resident) this.#blocks[index] = tensor;
    return tensor;
  }
}

/** In float64 and by differences: rows that coincide with their centroid have distance 0. */
function squaredDistances(
  { values }: Matrix,
  origin: Float64Array,
  { columns: d, values: centres }: Matrix,
  assignments: Int32Array,
): Float64Array {
  const distances = new Float64Array(assignments.length);
  for (let row = 0, at = 0; row < assignments.length; row++) {
    let sum = 0;
    for (let j = 0, centre = assignments[row]! * d; j < d; j++, at++, centre++) {
      const off = values[at]! - origin[j]! - centres[centre]!;
      sum += off * off;
    }
    distances[row] = sum;
  }
  return distances;
}
