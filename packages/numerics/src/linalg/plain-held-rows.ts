import type { Matrix } from './matrix.js';
import type { Assignment, CentroidSums, HeldRows } from './matrix-operations.js';
import { addRowProducts } from './row-products.js';

const BLOCK = 256;

/** Held rows in plain JavaScript: the nearest centroid has the largest x·c − ‖c‖²/2. */
export class PlainHeldRows implements HeldRows {
  readonly #rows: Matrix;
  readonly #origin: Float64Array;

  constructor(rows: Matrix, origin: Float64Array) {
    this.#rows = rows;
    this.#origin = origin;
  }

  async sumByCentroid(centroids: Matrix): Promise<CentroidSums> {
    const d = centroids.columns;
    const sums = new Float64Array(centroids.rows * d);
    const counts = new Float64Array(centroids.rows);
    this.#visit(centroids, (_, values, start, nearest) => {
      counts[nearest]! += 1;
      for (let j = 0, at = nearest * d; j < d; j++, at++) sums[at]! += values[start + j]!;
    });
    return { sums, counts };
  }

  async assign(centroids: Matrix): Promise<Assignment> {
    const assignments = new Int32Array(this.#rows.rows);
    const squaredDistances = new Float64Array(this.#rows.rows);
    const { columns: d, values: centres } = centroids;
    this.#visit(centroids, (row, values, start, nearest) => {
      assignments[row] = nearest;
      let sum = 0;
      for (let j = 0, at = nearest * d; j < d; j++, at++) sum += (values[start + j]! - centres[at]!) ** 2;
      squaredDistances[row] = sum;
    });
    return { assignments, squaredDistances };
  }

  async correlateWithSigns({ rows: d, columns: k, values: directions }: Matrix): Promise<Matrix> {
    const b = new Float64Array(k * d);
    for (let j = 0; j < d; j++) for (let c = 0; c < k; c++) b[c * d + j] = directions[j * k + c]!;
    const sums = new Float64Array(d * k);
    const products = new Float64Array(BLOCK * k);
    for (const { count, centred } of this.#centredBlocks()) {
      products.fill(0);
      addRowProducts(centred, b, products, { m: count, n: k, k: d });
      const byColumn = new Float64Array(d * count);
      for (let i = 0; i < count; i++) for (let j = 0; j < d; j++) byColumn[j * count + i] = centred[i * d + j]!;
      const signs = new Float64Array(k * count);
      for (let i = 0; i < count; i++)
        for (let c = 0; c < k; c++) signs[c * count + i] = products[i * k + c]! >= 0 ? 1 : -1;
      addRowProducts(byColumn, signs, sums, { m: d, n: k, k: count });
    }
    return { rows: d, columns: k, values: sums };
  }

  dispose(): void {}

  /** Copies of some rows, relative to the origin; each is good until the next. */
  *#centredBlocks(): Generator<{ from: number; count: number; centred: Float64Array }> {
    const { rows, columns: d, values } = this.#rows;
    const centred = new Float64Array(BLOCK * d);
    for (let from = 0; from < rows; from += BLOCK) {
      const count = Math.min(BLOCK, rows - from);
      for (let i = 0, at = 0, source = from * d; i < count; i++) {
        for (let j = 0; j < d; j++, at++, source++) centred[at] = values[source]! - this.#origin[j]!;
      }
      yield { from, count, centred };
    }
  }

  #visit(
    { rows: k, columns: d, values: centres }: Matrix,
    see: (row: number, values: Float64Array, start: number, nearest: number) => void,
  ): void {
    const b = Float64Array.from(centres);
    const halves = Float64Array.from({ length: k }, (_, i) => {
      let sum = 0;
      for (let at = i * d; at < (i + 1) * d; at++) sum += b[at]! ** 2;
      return sum / 2;
    });
    const scores = new Float64Array(BLOCK * k);
    for (const { from, count, centred } of this.#centredBlocks()) {
      scores.fill(0);
      addRowProducts(centred, b, scores, { m: count, n: k, k: d });
      for (let i = 0; i < count; i++) see(from + i, centred, i * d, argmax(scores, i * k, halves));
    }
  }
}

/** Where `scores[start + j] − less[j]` is largest. */
function argmax(scores: Float64Array, start: number, less: Float64Array): number {
  let best = 0;
  let largest = scores[start]! - less[0]!;
  for (let j = 1; j < less.length; j++) {
    const score = scores[start + j]! - less[j]!;
    if (score > largest) {
      largest = score;
      best = j;
    }
  }
  return best;
}
