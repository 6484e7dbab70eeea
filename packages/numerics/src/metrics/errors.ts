/** The base of all errors of the metrics: `code` names the cause for a program, the message says what to do. */
export abstract class MetricError extends Error {
  abstract readonly code: string;
}

/** Values, labels or probabilities of different numbers of examples, or a row that is not `classes` long. */
export class MetricLengthError extends MetricError {
  readonly code = 'metrics/length-mismatch';
  override readonly name = 'MetricLengthError';
}

/** No example at all: every metric here is a mean over examples. */
export class EmptyMetricError extends MetricError {
  readonly code = 'metrics/empty';
  override readonly name = 'EmptyMetricError';
}

/** A label or a predicted class outside 0 … C − 1. */
export class MetricLabelError extends MetricError {
  readonly code = 'metrics/label-range';
  override readonly name = 'MetricLabelError';
}

/** NaN or +∞ where logits are expected, or a row of −∞ only. */
export class NonFiniteLogitsError extends MetricError {
  readonly code = 'metrics/not-finite';
  override readonly name = 'NonFiniteLogitsError';
}

/** Rows that are no probability distributions, such as logits passed by mistake. */
export class ProbabilityError extends MetricError {
  readonly code = 'metrics/not-probabilities';
  override readonly name = 'ProbabilityError';
}

/** An option outside its range. */
export class MetricOptionError extends MetricError {
  readonly code = 'metrics/bad-option';
  override readonly name = 'MetricOptionError';
}

/** A score, distance or cost that is NaN, or infinite where it is added up. */
export class ScoreError extends MetricError {
  readonly code = 'metrics/bad-score';
  override readonly name = 'ScoreError';
}

/** What should be a confusion matrix is not square, or holds a negative or non-finite count. */
export class ConfusionMatrixError extends MetricError {
  readonly code = 'metrics/not-confusion-matrix';
  override readonly name = 'ConfusionMatrixError';
}
