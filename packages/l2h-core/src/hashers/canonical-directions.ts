import { covariance, plainOperations, symmetricEigen } from '@tensor-papers/numerics/linalg';
import { TrainingDataError } from '../errors.js';
import { cholesky, solveLower, solveUpper } from './cholesky.js';
import { isNegativeWhereLargest, type Matrix64, transposed } from './rows.js';
import type { Training } from './training.js';

/** Directions along which vectors say most about their classes. */
export interface CanonicalDirections {
  /** `[d]` */
  readonly mean: Float64Array;
  /** Canonical correlations r in descending order, `[count]`; 0 beyond what the classes give. */
  readonly correlations: Float64Array;
  /** r·w, one a row, `[count × d]`, with wᵀ(Sxx + ridge·I)w = 1; the entry of largest absolute value is positive. */
  readonly directions: Matrix64;
}

/** A squared correlation that is rounding. */
const noCorrelation = 1e-12;

/**
 * Canonical correlation analysis of vectors and the one-hot codes of their classes, scaled by the correlations:
 * Sxy(Syy + ρI)⁻¹Syx·w = r²(Sxx + ρI)·w with covariances over n.
 *
 * With Lx·Lxᵀ and Ly·Lyᵀ for the matrices with ρ, the r are the singular values of K = Ly⁻¹·Syx·Lx⁻ᵀ, `[classes × d]`: a problem of the
 * size of the classes.
 *
 * @throws TrainingDataError
 */
export async function canonicalDirections(
  { rows, classes, operations = plainOperations() }: Pick<Training, 'rows' | 'classes'> & Partial<Training>,
  count: number,
  ridge: number,
): Promise<CanonicalDirections> {
  const { mean, covariance: scatter } = await covariance(rows, { operations });
  const [n, d, c] = [rows.rows, rows.columns, classes.count];
  const sxx = scatter.values.map((value) => (value * (n - 1)) / n);
  for (let i = 0; i < d; i++) sxx[i * d + i]! += ridge;
  const lx = cholesky(sxx, d);
  if (!lx) {
    throw new TrainingDataError(
      'CcaItq.fit: the covariance is singular beside its scale; scale the vectors down or raise ridge',
    );
  }
  const { sxy, syy } = classCovariances(rows, mean, classes);
  for (let i = 0; i < c; i++) syy[i * c + i]! += ridge;
  const ly = cholesky(syy, c)!;
  solveLower(lx, d, sxy); // [d × classes]
  const k = transposed({ rows: d, columns: c, values: sxy });
  solveLower(ly, c, k); // [classes × d]
  const kk = await plainOperations().multiply(
    { rows: c, columns: d, values: k },
    { rows: c, columns: d, values: k },
    { transposeB: true },
  );
  const { values: squares, vectors } = symmetricEigen(kk);
  const correlations = new Float64Array(count);
  const directions = new Float64Array(count * d);
  for (let i = 0; i < Math.min(count, c) && squares[i]! > noCorrelation; i++) {
    correlations[i] = Math.sqrt(squares[i]!);
    const w = new Float64Array(d); // r·v with the right singular vector v = Kᵀu / r
    for (let j = 0; j < c; j++) for (let at = 0; at < d; at++) w[at]! += vectors.values[i * c + j]! * k[j * d + at]!;
    solveUpper(lx, d, w);
    const turn = isNegativeWhereLargest(w) ? -1 : 1;
    for (let at = 0; at < d; at++) directions[i * d + at] = turn * w[at]!;
  }
  return { mean, correlations, directions: { rows: count, columns: d, values: directions } };
}

/** Covariances, over n, of rows with one-hot classes, `[d × classes]`, and of these, `[classes × classes]`. */
function classCovariances(
  { rows: n, columns: d, values }: Training['rows'],
  mean: Float64Array,
  classes: Training['classes'],
) {
  const c = classes.count;
  const sxy = new Float64Array(d * c);
  const shares = new Float64Array(c);
  for (let i = 0; i < n; i++) {
    const of = classes.of[i]!;
    shares[of]! += 1 / n;
    for (let j = 0; j < d; j++) sxy[j * c + of]! += (values[i * d + j]! - mean[j]!) / n;
  }
  const syy = Float64Array.from({ length: c * c }, (_, at) => {
    const [i, j] = [Math.floor(at / c), at % c];
    return (i === j ? shares[i]! : 0) - shares[i]! * shares[j]!;
  });
  return { sxy, syy };
}
