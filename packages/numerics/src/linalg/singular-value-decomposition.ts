import { Matrix as MlMatrix, SingularValueDecomposition as MlSvd } from 'ml-matrix';
import { requireFinite } from './check-finite.js';
import { fixSigns } from './fix-signs.js';
import { magnitude } from './magnitude.js';
import type { Matrix } from './matrix.js';

/** A = Σ σᵢ·lᵢ·rᵢᵀ with orthonormal l and r. */
export interface SingularValueDecomposition {
  /** l, one a row, `[k × m]`, k = min(m, n). */
  readonly left: Matrix & { readonly values: Float64Array };
  /** σ in descending order, `[k]`. */
  readonly values: Float64Array;
  /** r, one a row, `[k × n]`. In each, the entry of largest absolute value (the first such) is positive. */
  readonly right: Matrix & { readonly values: Float64Array };
}

/**
 * Singular value decomposition of a matrix that is small (up to some hundreds of rows and columns), in float64.
 *
 * @param matrix `[m × n]`, finite
 * @throws MatrixShapeError, NonFiniteMatrixError
 *
 * @example
 * singularValueDecomposition(createMatrix(Float64Array.of(0, 2, 1, 0), 2)).values; // 2, 1
 */
export function singularValueDecomposition(matrix: Matrix): SingularValueDecomposition {
  requireFinite('singularValueDecomposition', matrix);
  const { rows: m, columns: n } = matrix;
  const count = Math.min(m, n);
  // Sums of squares of very large entries would overflow.
  const scale = magnitude(matrix.values);
  const scaled = Float64Array.from(matrix.values, (value) => value / scale);
  const rows = Array.from({ length: m }, (_, i) => scaled.subarray(i * n, (i + 1) * n));
  const decomposition = new MlSvd(new MlMatrix(rows), { autoTranspose: true });
  const left = firstColumns(decomposition.leftSingularVectors, count);
  const right = firstColumns(decomposition.rightSingularVectors, count);
  fixSigns(right.values, count, n).forEach((turned, i) => {
    if (turned) for (let at = i * m; at < (i + 1) * m; at++) left.values[at] = -left.values[at]!;
  });
  return { left, values: Float64Array.from(decomposition.diagonal.slice(0, count), (value) => value * scale), right };
}

function firstColumns(vectors: MlMatrix, count: number): Matrix & { readonly values: Float64Array } {
  const columns = vectors.rows;
  const values = new Float64Array(count * columns);
  for (let i = 0; i < count; i++) for (let j = 0; j < columns; j++) values[i * columns + j] = vectors.get(j, i);
  return { rows: count, columns, values };
}
