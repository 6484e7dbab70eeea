import { requireConfusionMatrix, requireCount } from './checks.js';
import { EmptyMetricError, MetricLabelError, MetricLengthError } from './errors.js';

/** Options of {@link confusionMatrix} and {@link accumulateConfusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** Examples (pixels) with this label do not count, whatever was predicted; 255, say. Default: all labels count. */
  readonly ignoreLabel?: number;
}

/**
 * Adds examples to a confusion matrix, so that a whole test set need not be in memory at once. No example changes nothing; so
 * does a call that throws.
 *
 * @param matrix `[classes × classes]`, rows are labels, columns predictions; starts as `new Float64Array(classes * classes)`
 * @param predicted `[n]` in 0 … classes − 1; not looked at where the label is ignored
 * @param labels `[n]` in 0 … classes − 1, or `ignoreLabel`
 * @throws ConfusionMatrixError, MetricLabelError, MetricLengthError
 * @example
 * const matrix = new Float64Array(2 * 2);
 * accumulateConfusionMatrix(matrix, [0, 1, 1], [0, 0, 255], { ignoreLabel: 255 });
 * meanIoU(matrix); // (1/2 + 0/1) / 2
 */
export function accumulateConfusionMatrix(
  matrix: Float64Array | Int32Array,
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  { ignoreLabel }: ConfusionMatrixOptions = {},
): void {
  const classes = requireConfusionMatrix(matrix);
  const n = predicted.length;
  if (labels.length !== n) throw new MetricLengthError(`expected ${n} labels, got ${labels.length}`);
  for (let i = 0; i < n; i++) {
    if (labels[i] !== ignoreLabel) {
      requireClass('labels', i, labels[i]!, classes);
      requireClass('predicted classes', i, predicted[i]!, classes);
    }
  }
  for (let i = 0; i < n; i++) {
    if (labels[i] !== ignoreLabel) matrix[labels[i]! * classes + predicted[i]!]!++;
  }
}

function requireClass(what: string, position: number, value: number, classes: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= classes) {
    throw new MetricLabelError(
      `${what}[${position}]: expected a class in 0 … ${classes - 1}, got ${value}; leave examples without a label out, or name it as ignoreLabel`,
    );
  }
}

/**
 * How often class `row` was classified as class `column`.
 *
 * @param predicted `[n]` in 0 … classes − 1
 * @param labels `[n]` in 0 … classes − 1, or `ignoreLabel`
 * @returns `[classes × classes]` counts, row-major: rows are labels, columns predictions; all 0 where every label is ignored
 * @throws MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  options: ConfusionMatrixOptions = {},
): Int32Array {
  requireCount('classes', classes);
  if (predicted.length === 0) throw new EmptyMetricError('expected at least one prediction, got none');
  const matrix = new Int32Array(classes * classes);
  accumulateConfusionMatrix(matrix, predicted, labels, options);
  return matrix;
}
