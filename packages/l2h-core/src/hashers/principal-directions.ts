import { pca } from '@tensor-papers/numerics/linalg';
import { HashOptionError, TrainingDataError } from '../errors.js';
import type { Matrix64 } from './rows.js';
import type { Training } from './training.js';

/** The directions along which centred rows vary most. */
export interface PrincipalDirections {
  /** `[d]` */
  readonly mean: Float64Array;
  /** Orthonormal, one a row, `[count × d]`; in each the entry of largest absolute value is positive. */
  readonly directions: Matrix64;
  /** Eigenvalues of Σ(x − μ)(x − μ)ᵀ / n in descending order. */
  readonly variances: Float64Array;
  /** Says which directions have no variance. */
  readonly warnings: readonly string[];
}

/** Variance that is rounding beside the largest. */
const noVariance = 1e-12;

/** @throws TrainingDataError for too few rows */
export async function principalDirections(
  what: string,
  { rows, operations }: Pick<Training, 'rows' | 'operations'>,
  count: number,
): Promise<PrincipalDirections> {
  if (rows.rows <= count) {
    throw new TrainingDataError(
      `${what}: ${count} principal directions need more than ${count} vectors, got ${rows.rows}; pass more, or ask for fewer bits`,
    );
  }
  const { mean, components, explainedVariance } = await pca(rows, count, { operations });
  const variances = explainedVariance.map((variance) => (variance * (rows.rows - 1)) / rows.rows);
  const flat = variances.filter((variance) => variance <= noVariance * variances[0]!).length;
  const warnings = flat > 0 ? [`the last ${flat} of ${count} principal directions have no variance`] : [];
  return { mean, directions: components, variances, warnings };
}

/** @throws HashOptionError for more bits than dimensions */
export function requireBitsWithin(what: string, bits: number, dimensions: number): void {
  if (bits <= dimensions) return;
  throw new HashOptionError(
    `${what}: at most one bit a dimension: ${bits} bits of vectors of ${dimensions} numbers; ask for fewer bits, or use SimHash`,
  );
}
