import { covariance } from './covariance.js';
import { LinalgOptionError, MatrixShapeError } from './errors.js';
import { requireMatrix } from './matrix.js';
import { pcaByGram } from './pca-by-gram.js';
import type { PcaModel } from './pca-model.js';
import { type PcaMethod, type PcaOptions, requireCount } from './pca-options.js';
import { plainOperations } from './plain-operations.js';
import { randomizedPca } from './randomized-pca.js';
import { isMatrix, type RowBlocks } from './row-blocks.js';
import { symmetricEigen } from './symmetric-eigen.js';

const METHODS: readonly PcaMethod[] = ['auto', 'covariance', 'gram', 'randomized'];

/**
 * Principal components: the orthonormal directions along which centred rows vary most, eigenvectors of Σ(x − μ)(x − μ)ᵀ / (n − 1).
 *
 * Data larger than memory come as blocks. Components beyond the rank of the data complete the basis and have variance 0.
 *
 * @param data `[n × d]`, n ≥ 2, or blocks of it; finite. `'gram'` takes a matrix only
 * @param count how many components, 1 … min(n, d)
 * @throws MatrixShapeError, NonFiniteMatrixError, LinalgOptionError
 *
 * @example
 * const model = await pca(data, 64);
 * const low = await pcaProject(model, data); // [n × 64]
 */
export async function pca(data: RowBlocks, count: number, options: PcaOptions = {}): Promise<PcaModel> {
  const { operations = plainOperations(), whiten = false, method = 'auto' } = options;
  if (!METHODS.includes(method)) {
    throw new LinalgOptionError(`pca: method: expected one of ${METHODS.join(', ')}, got ${method}`);
  }
  if (isMatrix(data)) {
    requireMatrix('pca', data);
    requireCount(count, data.rows, data.columns);
  }
  if (method === 'randomized') return randomizedPca(data, count, { ...options, operations, whiten });
  if (method === 'gram' && !isMatrix(data)) {
    throw new MatrixShapeError(
      "pca: method 'gram' needs all rows at once; pass a matrix, or let the method be 'covariance'",
    );
  }
  if (isMatrix(data) && (method === 'gram' || (method === 'auto' && data.rows < data.columns))) {
    return pcaByGram(data, count, { operations, whiten });
  }
  const { rows, mean, covariance: matrix } = await covariance(data, { operations });
  requireCount(count, rows, mean.length);
  const { values, vectors } = symmetricEigen(matrix, { largest: count });
  let totalVariance = 0;
  for (let i = 0; i < mean.length; i++) totalVariance += matrix.values[i * mean.length + i]!;
  const explainedVariance = values.map((value) => Math.max(0, value));
  return { mean, components: vectors, explainedVariance, totalVariance, rows, whiten };
}
