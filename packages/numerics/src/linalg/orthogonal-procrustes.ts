import { requireFinite } from './check-finite.js';
import { MatrixShapeError } from './errors.js';
import type { Matrix } from './matrix.js';
import type { MatrixOperations } from './matrix-operations.js';
import { orthogonalFactor } from './orthogonal-factor.js';
import { plainOperations } from './plain-operations.js';

/** Options of {@link orthogonalProcrustes}. */
export interface OrthogonalProcrustesOptions {
  /** Who computes AᵀB. Default plain JavaScript. */
  readonly operations?: MatrixOperations;
}

/** The result of {@link orthogonalProcrustes}. */
export interface OrthogonalProcrustes {
  /** R, `[d × d]`: A·R is as near to B as can be. */
  readonly rotation: Matrix & { readonly values: Float64Array };
  /** The sum of the singular values of AᵀB: ‖A·R − B‖² = ‖A‖² + ‖B‖² − 2·scale. */
  readonly scale: number;
}

/**
 * The orthogonal matrix R (a rotation, possibly with a reflection) that minimises ‖A·R − B‖_F: R = U·Vᵀ with AᵀB = U·Σ·Vᵀ
 * (Schönemann, 1966). Where AᵀB lacks rank R is one of many.
 *
 * @param a `[n × d]`, finite
 * @param b `[n × d]`, finite
 * @throws MatrixShapeError, NonFiniteMatrixError
 *
 * @example
 * const { rotation } = await orthogonalProcrustes(points, turnedPoints);
 */
export async function orthogonalProcrustes(
  a: Matrix,
  b: Matrix,
  { operations = plainOperations() }: OrthogonalProcrustesOptions = {},
): Promise<OrthogonalProcrustes> {
  requireFinite('orthogonalProcrustes: a', a);
  requireFinite('orthogonalProcrustes: b', b);
  if (a.rows !== b.rows || a.columns !== b.columns) {
    const [first, second] = [a, b].map(({ rows, columns }) => `${rows} × ${columns}`);
    throw new MatrixShapeError(`orthogonalProcrustes: expected two matrices of one size, got ${first} and ${second}`);
  }
  return orthogonalFactor(await operations.multiply(a, b, { transposeA: true }));
}
