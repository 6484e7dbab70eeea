import { MatrixShapeError } from './errors.js';

/** Numbers in rows and columns: the entry of row i and column j is `values[i * columns + j]`. Plain data. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major, `rows * columns` numbers. */
  readonly values: Float32Array | Float64Array;
}

/**
 * A matrix around the numbers, which are not copied.
 *
 * @param values row-major, `rows * columns` numbers
 * @param columns default: what fits
 * @throws MatrixShapeError
 *
 * @example
 * const square = createMatrix(Float64Array.of(1, 2, 3, 4), 2);
 */
export function createMatrix<Values extends Float32Array | Float64Array>(
  values: Values,
  rows: number,
  columns: number = values.length / rows,
): Matrix & { readonly values: Values } {
  const matrix = { rows, columns, values };
  requireMatrix('createMatrix', matrix);
  return matrix;
}

/** Throws unless the value is a matrix of at least one row and one column. */
export function requireMatrix(what: string, matrix: Matrix): void {
  const { rows, columns, values } = matrix ?? {};
  if (!(values instanceof Float32Array || values instanceof Float64Array)) {
    throw new MatrixShapeError(`${what}: expected { rows, columns, values: Float32Array or Float64Array }`);
  }
  const whole = Number.isSafeInteger(rows) && rows >= 1 && Number.isSafeInteger(columns) && columns >= 1;
  if (!whole || rows * columns !== values.length) {
    throw new MatrixShapeError(
      `${what}: expected at least one row and one column and rows × columns values, got ${rows} × ${columns} and ${values.length} values`,
    );
  }
}

/** Throws unless the matrix has that many columns. */
export function requireColumns(what: string, matrix: Matrix, columns: number): void {
  requireMatrix(what, matrix);
  if (matrix.columns !== columns) {
    throw new MatrixShapeError(`${what}: expected ${columns} columns, got ${matrix.columns}`);
  }
}

/** Rows start … end − 1, without a copy. */
export function rowRange({ columns, values }: Matrix, start: number, end: number): Matrix {
  return { rows: end - start, columns, values: values.subarray(start * columns, end * columns) };
}

/** A row, without a copy. */
export function rowOf({ columns, values }: Matrix, row: number): Float32Array | Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}
