import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { AsymmetricMatrixError, LinalgOptionError, MatrixShapeError, NonFiniteMatrixError } from './errors.js';
import { fixSigns } from './fix-signs.js';
import { type LeadingEigen, leadingEigen } from './leading-eigen.js';
import { magnitude } from './magnitude.js';
import { type Matrix, requireMatrix } from './matrix.js';

/** Options of {@link symmetricEigen}. */
export interface SymmetricEigenOptions {
  /** How many of the largest eigenvalues are wanted, 1 … n. Default all. Up to a quarter of a large matrix comes several times faster. */
  readonly largest?: number;
}

/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** In descending order, `[k]`. */
  readonly values: Float64Array;
  /** Unit eigenvectors, one a row, `[k × n]`. In each, the entry of largest absolute value (the first such) is positive. */
  readonly vectors: Matrix & { readonly values: Float64Array };
}

/** Up to this size, and where more than a quarter is wanted, all eigenvectors are computed at once. */
const SMALL = 48;

/** What off-symmetry, part of the largest entry, rounding in float32 explains. */
const ASYMMETRY = 1e-5;

/**
 * Eigenvalues λ and unit eigenvectors z of a symmetric matrix, A·z = λ·z, largest first.
 *
 * Small matrices go to ml-matrix; of large ones bisection and inverse iteration on the tridiagonal form find the ones that are wanted, whose
 * residuals and orthogonality are then checked, with ml-matrix for what fails. Eigenvectors of equal eigenvalues are some orthonormal basis.
 *
 * @param matrix `[n × n]`, symmetric up to rounding in float32 (the mean of both halves is used), finite
 * @throws MatrixShapeError, AsymmetricMatrixError, NonFiniteMatrixError, LinalgOptionError
 *
 * @example
 * const { values } = symmetricEigen(createMatrix(Float64Array.of(2, 1, 1, 2), 2)); // 3, 1
 */
export function symmetricEigen(matrix: Matrix, options: SymmetricEigenOptions = {}): SymmetricEigen {
  requireMatrix('symmetricEigen', matrix);
  const n = matrix.rows;
  if (matrix.columns !== n) {
    throw new MatrixShapeError(`symmetricEigen: expected as many rows as columns, got ${n} × ${matrix.columns}`);
  }
  const { largest: count = n } = options;
  if (!Number.isInteger(count) || count < 1 || count > n) {
    throw new LinalgOptionError(`symmetricEigen: largest: expected an integer in 1 … ${n}, got ${count}`);
  }
  const a = symmetrized(matrix);
  // Sums of products of very large entries would overflow.
  const scale = magnitude(a);
  for (let i = 0; i < a.length; i++) a[i]! /= scale;
  const { values, vectors } =
    (n > SMALL && 4 * count <= n ? leadingEigen(a, n, count) : undefined) ?? allEigen(a, n, count);
  fixSigns(vectors, count, n);
  return { values: values.map((value) => value * scale), vectors: { rows: count, columns: n, values: vectors } };
}

function symmetrized({ rows: n, values }: Matrix): Float64Array {
  const a = new Float64Array(n * n);
  let largest = 0;
  let asymmetry = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [lower, upper] = [values[i * n + j]!, values[j * n + i]!];
      if (!Number.isFinite(lower) || !Number.isFinite(upper)) {
        const [row, column] = Number.isFinite(lower) ? [j, i] : [i, j];
        throw new NonFiniteMatrixError(
          `symmetricEigen: expected finite values, got ${values[row * n + column]} in row ${row}, column ${column}`,
        );
      }
      largest = Math.max(largest, Math.abs(lower), Math.abs(upper));
      asymmetry = Math.max(asymmetry, Math.abs(lower - upper));
      a[i * n + j] = lower / 2 + upper / 2;
      a[j * n + i] = a[i * n + j]!;
    }
  }
  if (asymmetry > ASYMMETRY * largest) {
    throw new AsymmetricMatrixError(
      `symmetricEigen: expected a symmetric matrix, but entries across the diagonal differ by ${asymmetry}; pass (A + Aᵀ)/2 if that is meant`,
    );
  }
  return a;
}

function allEigen(a: Float64Array, n: number, count: number): LeadingEigen {
  const rows = Array.from({ length: n }, (_, i) => a.subarray(i * n, (i + 1) * n));
  const decomposition = new EigenvalueDecomposition(new MlMatrix(rows), { assumeSymmetric: true });
  const eigenvalues = decomposition.realEigenvalues;
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => eigenvalues[j]! - eigenvalues[i]!);
  const vectors = new Float64Array(count * n);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < n; j++) vectors[i * n + j] = decomposition.eigenvectorMatrix.get(j, order[i]!);
  }
  return { values: Float64Array.from(order.slice(0, count), (i) => eigenvalues[i]!), vectors };
}
