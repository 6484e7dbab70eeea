import type { Rng } from '../random/index.js';
import { LinalgOptionError, MatrixShapeError } from './errors.js';
import type { MatrixOperations } from './matrix-operations.js';

/** How `pca` finds the components. */
export type PcaMethod = 'auto' | 'covariance' | 'gram' | 'randomized';

/** Options of `pca`. */
export interface PcaOptions {
  /** Who computes the heavy products. Default plain JavaScript; `tensorOperations()` of `@tensor-papers/tensor-core/linalg` uses the engine. */
  readonly operations?: MatrixOperations;
  /** Whether projections are scaled to variance 1. Default false. */
  readonly whiten?: boolean;
  /**
   * `'covariance'`: eigenvectors of the d × d covariance, one pass. `'gram'`: of the n × n products of rows. `'randomized'`: subspace
   * iteration from random directions (Halko et al., 2011), several passes, memory of about k·d numbers, accurate where the variances fall
   * off. `'auto'` (default): `'gram'` for a matrix of fewer rows than columns, else `'covariance'`.
   */
  readonly method?: PcaMethod;
  /** Draws the random directions; `'randomized'` needs it. */
  readonly rng?: Rng;
  /** Random directions beyond the components. Default 10. */
  readonly oversampling?: number;
  /** Passes of subspace iteration. Default 6. */
  readonly powerIterations?: number;
}

/** Throws unless that many components can be had of so many rows and columns. */
export function requireCount(count: number, rows: number, columns: number): void {
  const most = Math.min(rows, columns);
  if (rows < 2) throw new MatrixShapeError(`pca: expected at least 2 rows, got ${rows}`);
  if (!Number.isInteger(count) || count < 1 || count > most) {
    throw new LinalgOptionError(
      `pca: expected an integer number of components in 1 … ${most} for ${rows} rows and ${columns} columns, got ${count}`,
    );
  }
}
