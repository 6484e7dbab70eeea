import { classCounts, meanOfDefined } from './class-counts.js';

/**
 * Balanced accuracy: the mean over classes of the share of their examples that are classified correctly (macro recall). Called
 * mean accuracy or class accuracy in segmentation.
 *
 * Classes without an example are left out of the mean.
 *
 * @param matrix `[classes × classes]`, rows are labels, columns predictions (`confusionMatrix`)
 * @returns a fraction in [0, 1]; NaN for a matrix of zeros
 * @throws ConfusionMatrixError
 */
export function balancedAccuracy(matrix: ArrayLike<number>): number {
  const { truePositives, labelled } = classCounts(matrix);
  return meanOfDefined(truePositives.map((count, label) => count / labelled[label]!));
}
