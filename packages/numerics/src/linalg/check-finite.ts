import { NonFiniteMatrixError } from './errors.js';
import { type Matrix, requireMatrix } from './matrix.js';

/** Throws unless the value is a matrix of finite numbers. */
export function requireFinite(what: string, matrix: Matrix): void {
  requireMatrix(what, matrix);
  refuseNonFinite(what, matrix);
}

/** Throws at the first entry that is not finite. */
export function refuseNonFinite(what: string, { columns, values }: Matrix, firstRow = 0): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new NonFiniteMatrixError(
      `${what}: expected finite values, got ${values[i]} in row ${firstRow + Math.floor(i / columns)}, column ${i % columns}`,
    );
  }
}
