import type { Matrix, MatrixOperations } from '@tensor-papers/numerics/linalg';
import { SmallestK } from '../quantizers/smallest-k.js';
import { columnMeans } from '../vectors/column-means.js';

type Matrix64 = Matrix & { readonly values: Float64Array };

/** The centroids of lists; distances are computed relative to their mean, as far from 0 numbers lose their digits. */
export class CoarseCentroids {
  readonly origin: Float64Array;
  /** `[lists × d]`, relative to the origin. */
  readonly relative: Matrix64;

  /** @param absolute `[lists × d]` */
  constructor(readonly absolute: Matrix64) {
    const { columns, values } = absolute;
    this.origin = columnMeans(absolute);
    this.relative = { ...absolute, values: values.map((value, i) => value - this.origin[i % columns]!) };
  }

  /** The list of each vector: that of the nearest centroid, of equally near ones the lowest. */
  async assign(vectors: Matrix, operations: MatrixOperations): Promise<Int32Array> {
    const held = operations.holdRows(vectors, this.origin);
    try {
      return (await held.assign(this.relative)).assignments;
    } finally {
      held.dispose();
    }
  }

  /** What is left of vectors without the centroids of their lists, float32. */
  residuals({ rows, columns, values }: Matrix, lists: ArrayLike<number>): Matrix {
    const left = new Float32Array(rows * columns);
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0, from = lists[i]! * columns; j < columns; j++, at++) {
        left[at] = values[at]! - this.absolute.values[from + j]!;
      }
    }
    return { rows, columns, values: left };
  }

  /** A query relative to the origin. */
  relativeTo(query: ArrayLike<number>): Float64Array {
    return this.origin.map((value, j) => query[j]! - value);
  }

  /** The nearest lists, nearest first, equally near ones by number. @param query relative to the origin */
  nearest(query: Float64Array, count: number): number[] {
    const { rows, columns, values } = this.relative;
    const nearest = new SmallestK(count);
    for (let list = 0, at = 0; list < rows; list++) {
      let sum = 0;
      for (let j = 0; j < columns; j++, at++) sum += (query[j]! - values[at]!) ** 2;
      nearest.add(sum, list);
    }
    return nearest.sorted().map(({ id }) => id);
  }
}
