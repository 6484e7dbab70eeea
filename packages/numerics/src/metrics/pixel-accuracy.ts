import { classCounts } from './class-counts.js';

/**
 * The share of pixels (examples) that are classified correctly: trace over sum of the confusion matrix.
 *
 * @param matrix `[classes × classes]`, rows are labels, columns predictions
 * @returns a fraction in [0, 1]; NaN for a matrix of zeros
 * @throws ConfusionMatrixError
 */
export function pixelAccuracy(matrix: ArrayLike<number>): number {
  const { correct, total } = classCounts(matrix);
  return correct / total;
}
