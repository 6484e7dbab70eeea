import type { Matrix } from './matrix.js';

/** What {@link pca} finds. Plain data: it can be stored and sent to a worker. */
export interface PcaModel {
  /** Mean of the rows, `[d]`. */
  readonly mean: Float64Array;
  /** Orthonormal directions, one a row, `[k × d]`. In each, the entry of largest absolute value (the first such) is positive. */
  readonly components: Matrix & { readonly values: Float64Array };
  /** Variance along each component, in descending order, with n − 1 in the denominator, `[k]`. */
  readonly explainedVariance: Float64Array;
  /** Variance of all columns together. */
  readonly totalVariance: number;
  /** How many rows were seen. */
  readonly rows: number;
  /** Whether projections are scaled to variance 1. */
  readonly whiten: boolean;
}

/** Variance that is rounding beside the largest. */
const NO_VARIANCE = 1e-12;

/** Standard deviation along each component where the model whitens, else 1; 0 where there is no variance, so that nothing is blown up. */
export function componentScales({ explainedVariance, whiten }: PcaModel): Float64Array {
  const least = NO_VARIANCE * (explainedVariance[0] ?? 0);
  return explainedVariance.map((variance) => (!whiten ? 1 : variance > least ? Math.sqrt(variance) : 0));
}
