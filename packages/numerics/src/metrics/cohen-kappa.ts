import { classCounts } from './class-counts.js';
import { requireChoice } from './ranking.js';

/** Options of {@link cohenKappa}. */
export interface CohenKappaOptions {
  /** How bad a confusion of classes i and j is: equally (`'none'`, the default), |i − j|, or (i − j)² for ordered classes. */
  readonly weights?: 'none' | 'linear' | 'quadratic';
}

/**
 * Cohen's kappa, agreement beyond chance: κ = 1 − Σ w_ij n_ij / Σ w_ij e_ij with e_ij = (row sum i)(column sum j)/n.
 *
 * Source: Cohen, A coefficient of agreement for nominal scales, 1960; weighted: Cohen 1968.
 *
 * @param matrix `[classes × classes]` counts of two raters
 * @returns at most 1, 0 for chance; NaN where chance alone agrees always (both name one class only) or the matrix is 0
 * @throws ConfusionMatrixError, MetricOptionError
 */
export function cohenKappa(matrix: ArrayLike<number>, { weights = 'none' }: CohenKappaOptions = {}): number {
  requireChoice('weights', weights, ['none', 'linear', 'quadratic']);
  const { classes, total, labelled, predicted } = classCounts(matrix);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < classes; i++) {
    for (let j = 0; j < classes; j++) {
      const distance = Math.abs(i - j);
      const weight = weights === 'quadratic' ? distance ** 2 : weights === 'linear' ? distance : Math.min(1, distance);
      observed += weight * matrix[i * classes + j]!;
      expected += weight * ((labelled[i]! * predicted[j]!) / total);
    }
  }
  return expected === 0 ? Number.NaN : 1 - observed / expected;
}
