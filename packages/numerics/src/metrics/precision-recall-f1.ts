import { classCounts } from './class-counts.js';

/** Precision, recall and F1 of one way to average. */
export interface PrecisionRecallF1 {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** What {@link precisionRecallF1} returns. */
export interface ClassificationScores {
  /** `[classes]` TP / (TP + FP); NaN for a class that is never predicted. */
  readonly precision: Float64Array;
  /** `[classes]` TP / (TP + FN); NaN for a class without an example. */
  readonly recall: Float64Array;
  /** `[classes]` 2 TP / (2 TP + FP + FN), also known as Dice; NaN for a class that is neither. */
  readonly f1: Float64Array;
  /** `[classes]` number of examples. */
  readonly support: Float64Array;
  /** The mean over classes that occur in labels or predictions; an undefined value of such a class counts as 0. */
  readonly macro: PrecisionRecallF1;
  /** From the counts of all classes together; for single-label classification all three equal the accuracy. */
  readonly micro: PrecisionRecallF1;
  /** The mean over classes weighted by support; undefined values count as 0. */
  readonly weighted: PrecisionRecallF1;
}

/**
 * Precision, recall and F1 of every class, and their macro, micro and weighted means.
 *
 * @param matrix `[classes × classes]`, rows are labels, columns predictions (`confusionMatrix`)
 * @returns fractions in [0, 1]; all means NaN for a matrix of zeros
 * @throws ConfusionMatrixError
 * @example
 * const { f1, macro } = precisionRecallF1(confusionMatrix(predicted, labels, 10));
 */
export function precisionRecallF1(matrix: ArrayLike<number>): ClassificationScores {
  const { total, correct, truePositives, labelled, predicted } = classCounts(matrix);
  const precision = truePositives.map((count, c) => count / predicted[c]!);
  const recall = truePositives.map((count, c) => count / labelled[c]!);
  const f1 = truePositives.map((count, c) => (2 * count) / (labelled[c]! + predicted[c]!));
  const occurs = truePositives.map((_, c) => (labelled[c]! + predicted[c]! > 0 ? 1 : 0));
  const weightedMean = (values: Float64Array, weights: Float64Array) => {
    let sum = 0;
    let mass = 0;
    weights.forEach((weight, c) => {
      sum += weight * (Number.isNaN(values[c]) ? 0 : values[c]!);
      mass += weight;
    });
    return sum / mass;
  };
  const over = (weights: Float64Array): PrecisionRecallF1 => ({
    precision: weightedMean(precision, weights),
    recall: weightedMean(recall, weights),
    f1: weightedMean(f1, weights),
  });
  const accuracy = correct / total;
  return {
    precision,
    recall,
    f1,
    support: labelled,
    macro: over(occurs),
    micro: { precision: accuracy, recall: accuracy, f1: accuracy },
    weighted: over(labelled),
  };
}
