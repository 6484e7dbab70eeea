export { centreRows } from './centre-rows.js';
export { type Covariance, type CovarianceOptions, covariance } from './covariance.js';
export {
  AsymmetricMatrixError,
  LinalgError,
  LinalgOptionError,
  MatrixShapeError,
  NonFiniteMatrixError,
} from './errors.js';
export { kMeans } from './k-means.js';
export type { KMeansOptions, KMeansResult, KMeansStart } from './k-means-options.js';
export { createMatrix, type Matrix, rowRange } from './matrix.js';
export type {
  Assignment,
  CentroidSums,
  HeldRows,
  MatrixOperations,
  MultiplyOptions,
  Scatter,
} from './matrix-operations.js';
export { type OrthogonalFactor, orthogonalFactor } from './orthogonal-factor.js';
export {
  type OrthogonalProcrustes,
  type OrthogonalProcrustesOptions,
  orthogonalProcrustes,
} from './orthogonal-procrustes.js';
export { pca } from './pca.js';
export type { PcaModel } from './pca-model.js';
export type { PcaMethod, PcaOptions } from './pca-options.js';
export { type PcaProjectOptions, pcaProject, pcaReconstruct } from './pca-project.js';
export { plainOperations } from './plain-operations.js';
export type { BlockSource, RowBlocks } from './row-blocks.js';
export { type SingularValueDecomposition, singularValueDecomposition } from './singular-value-decomposition.js';
export { type SymmetricEigen, type SymmetricEigenOptions, symmetricEigen } from './symmetric-eigen.js';
