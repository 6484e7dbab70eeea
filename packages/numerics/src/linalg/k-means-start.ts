import type { Rng } from '../random/index.js';
import { type Matrix, rowOf } from './matrix.js';

/** Different rows, drawn uniformly, `[clusters × d]`. */
export function randomRows(data: Matrix, clusters: number, rng: Rng): Float64Array {
  const order = rng.permutation(data.rows);
  const centroids = new Float64Array(clusters * data.columns);
  for (let i = 0; i < clusters; i++) centroids.set(rowOf(data, order[i]!), i * data.columns);
  return centroids;
}

/**
 * Rows drawn one after the other, in proportion to the squared distance from the nearest one so far, `[clusters × d]`.
 *
 * A row x is not compared with a new centroid that is at least twice as far from x's nearest one as x is: it cannot be nearer (Elkan, 2003).
 * When all rows coincide with centroids, the next ones are drawn uniformly.
 */
export function plusPlusRows(data: Matrix, clusters: number, rng: Rng): Float64Array {
  const { rows, columns: d } = data;
  const centroids = new Float64Array(clusters * d);
  const distances = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const nearest = new Int32Array(rows);
  const between = new Float64Array(clusters);
  let next = rng.integer(rows);
  for (let i = 0; i < clusters; i++) {
    centroids.set(rowOf(data, next), i * d);
    for (let j = 0; j < i; j++)
      between[j] = squaredDistance(centroids, j * d, centroids, i * d, d, Number.POSITIVE_INFINITY);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const known = distances[row]!;
      if (i === 0 || between[nearest[row]!]! < 4 * known) {
        const distance = squaredDistance(data.values, row * d, centroids, i * d, d, known);
        if (distance < known) {
          distances[row] = distance;
          nearest[row] = i;
        }
      }
      total += distances[row]!;
    }
    if (i + 1 < clusters) next = total > 0 ? draw(distances, total * rng.uniform()) : rng.integer(rows);
  }
  return centroids;
}

/** ‖a − b‖², or something that is not smaller than `enough` as soon as that is sure. */
function squaredDistance(
  a: Float32Array | Float64Array,
  atA: number,
  b: Float64Array,
  atB: number,
  length: number,
  enough: number,
): number {
  let sum = 0;
  for (let i = 0; i < length; ) {
    for (const end = Math.min(length, i + 16); i < end; i++) {
      const off = a[atA + i]! - b[atB + i]!;
      sum += off * off;
    }
    if (sum >= enough) break;
  }
  return sum;
}

/** The row where the running sum of weights passes the threshold; never one of weight 0. */
function draw(weights: Float64Array, threshold: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    sum += weights[i]!;
    last = i;
    if (sum > threshold) break;
  }
  return last;
}
