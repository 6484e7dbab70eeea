import { centreRows, type Matrix, type MatrixOperations } from '@tensor-papers/numerics/linalg';
import { columnMeans } from '../vectors/column-means.js';
import type { Matrix64 } from './rows.js';

/**
 * ‖x − u‖² of rows and anchors, `[b × t]`.
 *
 * They are computed around the mean of the anchors: far from 0 the products would lose their digits.
 *
 * @param block `[b × d]`
 */
export async function squaredDistances(
  block: Matrix,
  anchors: Matrix,
  operations: MatrixOperations,
): Promise<Matrix64> {
  const origin = columnMeans(anchors);
  const single = operations.precision === 'float32';
  const [rows, centres] = [centreRows(block, origin, single), centreRows(anchors, origin, single)];
  const product = await operations.multiply(rows, centres, { transposeB: true });
  const [x, u] = [squares(rows), squares(centres)];
  const values = Float64Array.from(product.values, (dot, at) => {
    const anchor = at % anchors.rows;
    return Math.max(0, x[(at - anchor) / anchors.rows]! + u[anchor]! - 2 * dot);
  });
  return { rows: block.rows, columns: anchors.rows, values };
}

function squares({ rows, columns, values }: Matrix): Float64Array {
  const sums = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) sums[i]! += values[at]! ** 2;
  return sums;
}
