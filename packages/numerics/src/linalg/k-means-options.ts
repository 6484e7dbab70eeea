import type { Rng } from '../random/index.js';
import { LinalgOptionError, MatrixShapeError } from './errors.js';
import { type Matrix, requireMatrix } from './matrix.js';
import type { MatrixOperations } from './matrix-operations.js';

/** Where `kMeans` starts. */
export type KMeansStart = 'k-means++' | 'random' | Matrix;

/** Options of `kMeans`. */
export interface KMeansOptions {
  /** Draws the start and the mini-batches; only full passes from a given start go without. */
  readonly rng?: Rng;
  /**
   * `'k-means++'` (default; Arthur and Vassilvitskii, 2007): each centroid is a row, drawn in proportion to its squared distance from the
   * ones before. `'random'`: different rows, all equally probable. Or the centroids themselves, `[k × d]`.
   */
  readonly start?: KMeansStart;
  /** At most that many updates. Default 100. */
  readonly iterations?: number;
  /**
   * Full passes stop when the centroids together move less: Σ‖Δc‖² ≤ tolerance × mean variance of the columns. Default 1e-4; 0 goes on
   * until nothing moves.
   */
  readonly tolerance?: number;
  /** Rows of a mini-batch (Sculley, 2010), drawn with replacement; default full passes. */
  readonly batchSize?: number;
  /** Who computes distances and sums. Default plain JavaScript; `tensorOperations()` of `@tensor-papers/tensor-core/linalg` uses the engine. */
  readonly operations?: MatrixOperations;
}

/** What `kMeans` finds. */
export interface KMeansResult {
  /** `[k × d]` */
  readonly centroids: Matrix & { readonly values: Float64Array };
  /** The nearest centroid of each row, `[n]`. */
  readonly assignments: Int32Array;
  /** Σ‖x − c‖² of the rows and their nearest centroids. */
  readonly inertia: number;
  /** The inertia before each update: of all rows, or of a mini-batch times n / batchSize. */
  readonly inertiaHistory: readonly number[];
  /** How many updates were made. */
  readonly iterations: number;
  /** Whether the tolerance was reached. */
  readonly converged: boolean;
}

/** Throws for options that cannot be used. */
export function checkKMeans(data: Matrix, clusters: number, options: KMeansOptions): void {
  requireMatrix('kMeans', data);
  const { rng, start, iterations, tolerance = 0, batchSize } = options;
  requireInteger('clusters', clusters, data.rows);
  if (iterations !== undefined) requireInteger('iterations', iterations);
  if (batchSize !== undefined) requireInteger('batchSize', batchSize);
  if (!(tolerance >= 0 && tolerance < Number.POSITIVE_INFINITY)) {
    throw new LinalgOptionError(`kMeans: tolerance: expected a finite number of at least 0, got ${tolerance}`);
  }
  if (typeof start === 'object') {
    requireMatrix('kMeans: start', start);
    if (start.rows !== clusters || start.columns !== data.columns) {
      throw new MatrixShapeError(
        `kMeans: start: expected ${clusters} × ${data.columns} centroids, got ${start.rows} × ${start.columns}`,
      );
    }
  } else if (start !== undefined && start !== 'k-means++' && start !== 'random') {
    throw new LinalgOptionError(`kMeans: start: expected 'k-means++', 'random' or a matrix, got ${start}`);
  }
  if (!rng && (typeof start !== 'object' || batchSize !== undefined)) {
    throw new LinalgOptionError("kMeans: needs rng, such as createRng(1).stream('k-means'), or centroids as start");
  }
}

function requireInteger(name: string, value: number, most?: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && !(most !== undefined && value > most)) return;
  const range = most === undefined ? 'of at least 1' : `in 1 … ${most}, the number of rows`;
  throw new LinalgOptionError(`kMeans: ${name}: expected an integer ${range}, got ${value}`);
}
