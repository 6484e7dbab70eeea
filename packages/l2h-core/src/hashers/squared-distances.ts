import type { Matrix, MatrixOperations } from '@tensor-papers/numerics/linalg';
import { columnMeans } from '../vectors/column-means.js';
import type { Matrix64 } from './rows.js';

/**
 * ‖x − u‖² of rows and anchors, `[b × t]`.
 *
 * They are computed around the mean of the anchors: far from 0 the products would lose their digits.
 *
 * @param block `[b × d]`, which is moved in place
 */
export async function squaredDistances(
  block: Matrix64,
  anchors: Matrix,
  operations: MatrixOperations,
): Promise<Matrix64> {
  const origin = columnMeans(anchors);
  const centred: Matrix64 = { ...anchors, values: Float64Array.from(anchors.values) };
  takeOff(centred, origin);
  takeOff(block, origin);
  const product = await operations.multiply(block, centred, { transposeB: true });
  const [x, u] = [squares(block), squares(centred)];
  const values = Float64Array.from(product.values, (dot, at) => {
    const anchor = at % anchors.rows;
    return Math.max(0, x[(at - anchor) / anchors.rows]! + u[anchor]! - 2 * dot);
  });
  return { rows: block.rows, columns: anchors.rows, values };
}

function takeOff({ values, columns }: Matrix64, origin: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i]! -= origin[i % columns]!;
}

function squares({ rows, columns, values }: Matrix64): Float64Array {
  const sums = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) sums[i]! += values[at]! ** 2;
  return sums;
}
