import { largestEigenvalues, type Tridiagonal, tridiagonalNorm } from './tridiagonal-eigenvalues.js';
import { tridiagonalEigenvectors } from './tridiagonal-eigenvectors.js';
import { tridiagonalize } from './tridiagonalize.js';

/** Largest eigenvalues, in descending order, and unit eigenvectors, rows of `[k × n]`. */
export interface LeadingEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Residual and loss of orthogonality above which inverse iteration is not believed. */
const ACCURACY = 1e-10;

/** The largest eigenvalues of a symmetric matrix `[n × n]`; undefined where they did not come out accurate. */
export function leadingEigen(a: Float64Array, n: number, count: number): LeadingEigen | undefined {
  const form = tridiagonalize(Float64Array.from(a), n);
  const values = largestEigenvalues(form, count);
  const vectors = tridiagonalEigenvectors(form, values);
  if (!isAccurate(form, values, vectors)) return undefined;
  form.backTransform(vectors, count);
  return { values, vectors };
}

/** Whether T·z = λ·z and zᵀz' = 0 or 1 to {@link ACCURACY}; reflections change neither. */
export function isAccurate(form: Tridiagonal, values: Float64Array, vectors: Float64Array): boolean {
  const { diagonal, offDiagonal } = form;
  const n = diagonal.length;
  const limit = ACCURACY * tridiagonalNorm(form);
  for (let row = 0; row < values.length; row++) {
    const z = vectors.subarray(row * n, (row + 1) * n);
    for (let i = 0; i < n; i++) {
      const beside = (i > 0 ? offDiagonal[i - 1]! * z[i - 1]! : 0) + (i + 1 < n ? offDiagonal[i]! * z[i + 1]! : 0);
      if (!(Math.abs(diagonal[i]! * z[i]! + beside - values[row]! * z[i]!) <= limit)) return false;
    }
    for (let other = 0; other <= row; other++) {
      let dot = 0;
      for (let i = 0, at = other * n; i < n; i++, at++) dot += z[i]! * vectors[at]!;
      if (!(Math.abs(dot - (other === row ? 1 : 0)) <= ACCURACY)) return false;
    }
  }
  return true;
}
