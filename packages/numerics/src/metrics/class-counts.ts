import { requireConfusionMatrix } from './checks.js';

/** What the measures of single classes are made of. */
export interface ClassCounts {
  readonly classes: number;
  readonly total: number;
  readonly correct: number;
  /** `[classes]` the diagonal. */
  readonly truePositives: Float64Array;
  /** `[classes]` row sums: how often a class is the label. */
  readonly labelled: Float64Array;
  /** `[classes]` column sums: how often a class is predicted. */
  readonly predicted: Float64Array;
}

/** Checks and sums a confusion matrix whose rows are labels and whose columns are predictions. */
export function classCounts(matrix: ArrayLike<number>): ClassCounts {
  const classes = requireConfusionMatrix(matrix);
  const truePositives = new Float64Array(classes);
  const labelled = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let total = 0;
  let correct = 0;
  for (let label = 0; label < classes; label++) {
    for (let prediction = 0; prediction < classes; prediction++) {
      const count = matrix[label * classes + prediction]!;
      labelled[label]! += count;
      predicted[prediction]! += count;
      total += count;
    }
    truePositives[label] = matrix[label * classes + label]!;
    correct += truePositives[label]!;
  }
  return { classes, total, correct, truePositives, labelled, predicted };
}

/** The mean of the values that are no NaN; NaN where there are none. */
export function meanOfDefined(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    sum += values[i]!;
    count++;
  }
  return sum / count;
}
