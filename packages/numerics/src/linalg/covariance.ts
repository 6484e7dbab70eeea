import { refuseNonFinite } from './check-finite.js';
import { MatrixShapeError, NonFiniteMatrixError } from './errors.js';
import type { Matrix } from './matrix.js';
import type { MatrixOperations, Scatter } from './matrix-operations.js';
import { plainOperations } from './plain-operations.js';
import { blocksOf, type RowBlocks } from './row-blocks.js';

/** Options of {@link covariance}. */
export interface CovarianceOptions {
  /** Who computes the products. Default plain JavaScript. */
  readonly operations?: MatrixOperations;
}

/** Moments of rows. */
export interface Covariance {
  /** How many rows there were. */
  readonly rows: number;
  /** `[d]` */
  readonly mean: Float64Array;
  /** Σ(x − mean)(x − mean)ᵀ / (n − 1), `[d × d]`. */
  readonly covariance: Matrix & { readonly values: Float64Array };
}

/** So many rows give an origin that is near the mean, compared with the spread of the rows. */
const ORIGIN_ROWS = 256;

/**
 * Mean and covariance of rows, in one pass, with memory for one block and d² numbers.
 *
 * Products are taken around the mean of the first rows, not around 0, so that data far from 0 keep their digits.
 *
 * @param data `[n × d]`, n ≥ 2, or blocks of it; finite
 * @throws MatrixShapeError, NonFiniteMatrixError
 *
 * @example
 * const moments = await covariance(createMatrix(Float32Array.of(0, 1, 2, 5), 2)); // mean 1, 3; covariance 2, 4, 4, 8
 */
export async function covariance(
  data: RowBlocks,
  { operations = plainOperations() }: CovarianceOptions = {},
): Promise<Covariance> {
  let rows = 0;
  let origin: Float64Array | undefined;
  let total: Scatter | undefined;
  for await (const block of blocksOf('covariance', data)) {
    origin ??= originOf(block);
    const scatter = await operations.scatter(block, origin);
    if (!scatter.products.every(Number.isFinite) || !scatter.sums.every(Number.isFinite)) {
      refuseNonFinite('covariance', block, rows);
      throw new NonFiniteMatrixError('covariance: products of the values overflow; scale the data down');
    }
    rows += block.rows;
    if (total) add(total, scatter);
    else total = scatter;
  }
  if (!origin || !total || rows < 2) throw new MatrixShapeError(`covariance: expected at least 2 rows, got ${rows}`);
  const d = origin.length;
  const { sums, products } = total;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++)
      products[i * d + j] = (products[i * d + j]! - (sums[i]! * sums[j]!) / rows) / (rows - 1);
  }
  const mean = origin.map((value, i) => value + sums[i]! / rows);
  return { rows, mean, covariance: { rows: d, columns: d, values: products } };
}

function add(total: Scatter, { sums, products }: Scatter): void {
  for (let i = 0; i < sums.length; i++) total.sums[i]! += sums[i]!;
  for (let i = 0; i < products.length; i++) total.products[i]! += products[i]!;
}

function originOf({ rows, columns, values }: Matrix): Float64Array {
  const count = Math.min(rows, ORIGIN_ROWS);
  const origin = new Float64Array(columns);
  for (let i = 0; i < count * columns; i++) origin[i % columns]! += values[i]! / count;
  // An engine that computes in float32 subtracts exactly this.
  return origin.map(Math.fround);
}
