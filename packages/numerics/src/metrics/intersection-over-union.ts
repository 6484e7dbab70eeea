import { classCounts, meanOfDefined } from './class-counts.js';

/**
 * Intersection over union (Jaccard index) of every class: TP / (TP + FP + FN).
 *
 * @param matrix `[classes × classes]`, rows are labels, columns predictions; over all pixels of a test set
 *   (`accumulateConfusionMatrix`), not image by image
 * @returns `[classes]` fractions in [0, 1]; 0 for a class that is only predicted, NaN for one that is in neither
 * @throws ConfusionMatrixError
 */
export function intersectionOverUnion(matrix: ArrayLike<number>): Float64Array {
  const { truePositives, labelled, predicted } = classCounts(matrix);
  return truePositives.map((count, c) => count / (labelled[c]! + predicted[c]! - count));
}

/**
 * Mean intersection over union (mIoU): the mean of {@link intersectionOverUnion} over the classes that occur in labels or
 * predictions. A class in neither is left out, one that is only predicted counts 0.
 *
 * @param matrix `[classes × classes]`, rows are labels, columns predictions
 * @returns a fraction in [0, 1]; NaN for a matrix of zeros
 * @throws ConfusionMatrixError
 */
export function meanIoU(matrix: ArrayLike<number>): number {
  return meanOfDefined(intersectionOverUnion(matrix));
}

/**
 * Frequency-weighted intersection over union: Σ_c (share of pixels with label c) · IoU_c.
 *
 * @param matrix `[classes × classes]`, rows are labels, columns predictions
 * @returns a fraction in [0, 1]; NaN for a matrix of zeros
 * @throws ConfusionMatrixError
 */
export function frequencyWeightedIoU(matrix: ArrayLike<number>): number {
  const iou = intersectionOverUnion(matrix);
  const { labelled, total } = classCounts(matrix);
  let sum = 0;
  labelled.forEach((pixels, c) => {
    if (pixels > 0) sum += pixels * iou[c]!;
  });
  return sum / total;
}
