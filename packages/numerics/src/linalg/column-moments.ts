import { refuseNonFinite } from './check-finite.js';
import { NonFiniteMatrixError } from './errors.js';
import { blocksOf, type RowBlocks } from './row-blocks.js';

/** Moments of the columns of a matrix. */
export interface ColumnMoments {
  readonly rows: number;
  /** `[d]` */
  readonly mean: Float64Array;
  /** Σ‖x − mean‖² over the rows. */
  readonly squares: number;
}

/**
 * Mean of the columns and spread around it, in float64, in one pass (blocks merged as Chan, Golub and LeVeque, 1983, do).
 *
 * @throws MatrixShapeError, NonFiniteMatrixError
 */
export async function columnMoments(what: string, data: RowBlocks): Promise<ColumnMoments> {
  let rows = 0;
  let mean = new Float64Array(0);
  let squares = 0;
  for await (const block of blocksOf(what, data)) {
    const { rows: count, columns: d, values } = block;
    const blockMean = new Float64Array(d);
    for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < d; j++, at++) blockMean[j]! += values[at]!;
    for (let j = 0; j < d; j++) blockMean[j]! /= count;
    for (let i = 0, at = 0; i < count; i++) {
      for (let j = 0; j < d; j++, at++) {
        const off = values[at]! - blockMean[j]!;
        squares += off * off;
      }
    }
    if (rows === 0) mean = blockMean;
    for (let j = 0; rows > 0 && j < d; j++) {
      const off = blockMean[j]! - mean[j]!;
      squares += (off * off * rows * count) / (rows + count);
      mean[j]! += (off * count) / (rows + count);
    }
    if (!Number.isFinite(squares)) {
      refuseNonFinite(what, block, rows);
      throw new NonFiniteMatrixError(`${what}: squares of the values overflow; scale the data down`);
    }
    rows += count;
  }
  return { rows, mean, squares };
}
