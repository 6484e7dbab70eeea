import type { Matrix } from './matrix.js';

/**
 * A copy of the rows less a mean, or another origin: the difference in float64, rounded once where the copy is in float32.
 *
 * @param mean `[d]`
 * @param single whether the copy is in float32; default: as the rows are
 */
export function centreRows(
  { rows, columns, values }: Matrix,
  mean: Float64Array,
  single = values instanceof Float32Array,
): Matrix {
  const centred = single ? new Float32Array(values.length) : new Float64Array(values.length);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) centred[at] = values[at]! - mean[j]!;
  }
  return { rows, columns, values: centred };
}
