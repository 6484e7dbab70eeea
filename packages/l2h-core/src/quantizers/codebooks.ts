import type { Matrix } from '@tensor-papers/numerics/linalg';
import type { QuantizedCodes } from './quantizer.js';

/** Centroids of every part of a product quantiser: part m holds the columns m·width … of the vectors. */
export interface Codebooks {
  readonly parts: number;
  /** K, of every part. */
  readonly centroids: number;
  /** Columns of a part. */
  readonly width: number;
  /** `[parts × K × width]` */
  readonly values: Float64Array;
}

/** The centroids of a part as a matrix `[K × width]`, without a copy. */
export function codebookOf({ centroids, width, values }: Codebooks, part: number): Matrix & { values: Float64Array } {
  const size = centroids * width;
  return { rows: centroids, columns: width, values: values.subarray(part * size, (part + 1) * size) };
}

/** The columns of a part of some rows, `[n × width]`, float32. */
export function partOf(rows: Matrix, { width }: Pick<Codebooks, 'width'>, part: number): Matrix {
  const values = new Float32Array(rows.rows * width);
  for (let i = 0; i < rows.rows; i++) {
    const from = i * rows.columns + part * width;
    for (let j = 0; j < width; j++) values[i * width + j] = rows.values[from + j]!;
  }
  return { rows: rows.rows, columns: width, values };
}

/** Squared distances of a query's parts to their centroids, `[parts × K]`: the tables of asymmetric distances. */
export function asymmetricTables(
  { parts, centroids, width, values }: Codebooks,
  query: ArrayLike<number>,
): Float64Array {
  const tables = new Float64Array(parts * centroids);
  for (let m = 0, at = 0, entry = 0; m < parts; m++) {
    for (let k = 0; k < centroids; k++, entry++) {
      let sum = 0;
      for (let j = 0; j < width; j++, at++) {
        const difference = query[m * width + j]! - values[at]!;
        sum += difference * difference;
      }
      tables[entry] = sum;
    }
  }
  return tables;
}

/** Squared distances between the centroids of every part, `[parts × K × K]`: row k of part m is the table of a query with code k there. */
export function symmetricTables(codebooks: Codebooks): Float64Array {
  const { parts, centroids, width } = codebooks;
  const tables = new Float64Array(parts * centroids * centroids);
  for (let m = 0; m < parts; m++) {
    const { values } = codebookOf(codebooks, m);
    for (let a = 0; a < centroids; a++) {
      for (let b = 0; b < centroids; b++) {
        let sum = 0;
        for (let j = 0; j < width; j++) sum += (values[a * width + j]! - values[b * width + j]!) ** 2;
        tables[(m * centroids + a) * centroids + b] = sum;
      }
    }
  }
  return tables;
}

/** The vectors that codes stand for, `[n × parts·width]`, float32. */
export function reconstruct({ parts, centroids, width, values }: Codebooks, { n, bytes }: QuantizedCodes): Matrix {
  const rows = new Float32Array(n * parts * width);
  for (let i = 0, at = 0, to = 0; i < n; i++) {
    for (let m = 0; m < parts; m++, at++) {
      const from = (m * centroids + bytes[at]!) * width;
      for (let j = 0; j < width; j++, to++) rows[to] = values[from + j]!;
    }
  }
  return { rows: n, columns: parts * width, values: rows };
}
