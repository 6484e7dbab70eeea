import type { Matrix } from '@tensor-papers/numerics/linalg';
import { NonFiniteVectorError, VectorShapeError } from '../errors.js';
import { shown } from '../shown.js';

/** Throws unless these are vectors of finite numbers, of that dimension where one is given. */
export function requireVectors(what: string, vectors: Matrix, dimensions?: number): void {
  const { rows, columns, values } = vectors ?? {};
  const isTyped = values instanceof Float32Array || values instanceof Float64Array;
  if (!isTyped || !Number.isSafeInteger(rows) || !Number.isSafeInteger(columns)) {
    throw new VectorShapeError(
      `${what}: expected vectors as createMatrix of @tensor-papers/numerics/linalg makes them, { rows, columns, values: Float32Array or Float64Array }, got ${shown(vectors)}`,
    );
  }
  if (rows < 1 || columns < 1) {
    throw new VectorShapeError(
      `${what}: expected at least one vector of at least one number, got ${rows} of ${columns}; leave empty matrices out`,
    );
  }
  if (values.length !== rows * columns) {
    throw new VectorShapeError(`${what}: expected ${rows} × ${columns} values, got ${values.length}`);
  }
  if (dimensions !== undefined && columns !== dimensions) {
    throw new VectorShapeError(`${what}: expected vectors of ${dimensions} numbers, got ${columns}`);
  }
  if (areFinite(values)) return;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const [row, column] = [Math.floor(i / columns), i % columns];
    throw new NonFiniteVectorError(
      `${what}: expected finite numbers, got ${values[i]} in vector ${row}, column ${column}`,
    );
  }
}

/** Without a branch a number: 0 times anything finite is 0, 0 times anything else is NaN. Four sums, as one would wait for itself. */
function areFinite(values: Float32Array | Float64Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < values.length; i += 4) {
    a += 0 * values[i]!;
    b += 0 * values[i + 1]!;
    c += 0 * values[i + 2]!;
    d += 0 * values[i + 3]!;
  }
  for (; i < values.length; i++) a += 0 * values[i]!;
  return a + b + c + d === 0;
}
