import { requireFinite } from './check-finite.js';
import { MatrixShapeError } from './errors.js';
import type { Matrix } from './matrix.js';
import { polarIteration } from './polar-iteration.js';
import { singularValueDecomposition } from './singular-value-decomposition.js';

/** The result of {@link orthogonalFactor}. */
export interface OrthogonalFactor {
  /** U·Vᵀ, `[d × d]` */
  readonly rotation: Matrix & { readonly values: Float64Array };
  /** The sum of the singular values, which is the trace of Aᵀ·(U·Vᵀ). */
  readonly scale: number;
}

/**
 * The orthogonal matrix (a rotation, possibly with a reflection) nearest to a square one: U·Vᵀ of A = U·Σ·Vᵀ, the factor of its polar
 * decomposition. Where A lacks rank it is one of many.
 *
 * @param matrix `[d × d]`, finite
 * @throws MatrixShapeError, NonFiniteMatrixError
 */
export function orthogonalFactor(matrix: Matrix): OrthogonalFactor {
  requireFinite('orthogonalFactor', matrix);
  const { rows: d, columns } = matrix;
  if (columns !== d) throw new MatrixShapeError(`orthogonalFactor: expected a square matrix, got ${d} × ${columns}`);
  const a = Float64Array.from(matrix.values);
  const rotation = polarIteration(a, d) ?? productOfSingularVectors(matrix);
  const scale = rotation.reduce((sum, value, i) => sum + value * a[i]!, 0);
  return { rotation: { rows: d, columns: d, values: rotation }, scale };
}

function productOfSingularVectors(matrix: Matrix): Float64Array {
  const d = matrix.rows;
  const { left, right } = singularValueDecomposition(matrix);
  const product = new Float64Array(d * d);
  for (let s = 0; s < d; s++) {
    for (let i = 0; i < d; i++) {
      const factor = left.values[s * d + i]!;
      for (let j = 0; j < d; j++) product[i * d + j]! += factor * right.values[s * d + j]!;
    }
  }
  return product;
}
