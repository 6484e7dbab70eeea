import {
  ConfusionMatrixError,
  EmptyMetricError,
  MetricLabelError,
  MetricLengthError,
  MetricOptionError,
  NonFiniteLogitsError,
  ProbabilityError,
  ScoreError,
} from './errors.js';

/** Float32 rounding over a thousand classes stays far below this; logits in place of probabilities do not. */
const probabilitySlack = 1e-3;

export function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new MetricOptionError(`${name}: expected an integer of at least 1, got ${value}`);
  }
}

/** The number of rows of `values`, each `classes` long. */
export function requireRows(values: ArrayLike<number>, classes: number): number {
  requireCount('classes', classes);
  if (values.length === 0) throw new EmptyMetricError('expected at least one row of values, got none');
  if (values.length % classes !== 0) {
    throw new MetricLengthError(`expected rows of ${classes} values, got ${values.length} values in all`);
  }
  return values.length / classes;
}

export function requireLabels(labels: ArrayLike<number>, rows: number, classes: number, what = 'labels'): void {
  if (labels.length !== rows) throw new MetricLengthError(`expected ${rows} ${what}, got ${labels.length}`);
  for (let i = 0; i < rows; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new MetricLabelError(
        `${what}[${i}]: expected a class in 0 … ${classes - 1}, got ${label}; leave examples without a label out`,
      );
    }
  }
}

/** Logits may hold −∞ (probability 0), but no NaN, no +∞, and not −∞ only. */
export function requireLogits(logits: ArrayLike<number>, classes: number): number {
  const rows = requireRows(logits, classes);
  for (let row = 0; row < rows; row++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = row * classes; i < (row + 1) * classes; i++) {
      const logit = logits[i]!;
      if (Number.isNaN(logit) || logit === Number.POSITIVE_INFINITY) {
        throw new NonFiniteLogitsError(
          `row ${row}, class ${i - row * classes}: expected a logit that is finite or −∞, got ${logit}; look for a diverged training`,
        );
      }
      if (logit > largest) largest = logit;
    }
    if (largest === Number.NEGATIVE_INFINITY) {
      throw new NonFiniteLogitsError(`row ${row}: expected at least one logit above −∞, got none`);
    }
  }
  return rows;
}

export function requireProbabilities(probabilities: ArrayLike<number>, classes: number): number {
  const rows = requireRows(probabilities, classes);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) {
      const probability = probabilities[i]!;
      if (!(probability >= 0 && probability <= 1 + probabilitySlack)) {
        throw new ProbabilityError(
          `row ${row}, class ${i - row * classes}: expected a probability in [0, 1], got ${probability}; pass logits through softmaxRows`,
        );
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) > probabilitySlack) {
      throw new ProbabilityError(
        `row ${row}: expected probabilities with sum 1, got ${sum}; pass logits through softmaxRows`,
      );
    }
  }
  return rows;
}

/** The number of classes of a confusion matrix, `[classes × classes]` with counts or weights. */
export function requireConfusionMatrix(matrix: ArrayLike<number>): number {
  const classes = Math.round(Math.sqrt(matrix.length));
  if (classes < 1 || classes * classes !== matrix.length) {
    throw new ConfusionMatrixError(
      `expected a confusion matrix of classes × classes counts, got ${matrix.length} values; see confusionMatrix`,
    );
  }
  for (let i = 0; i < matrix.length; i++) {
    const count = matrix[i]!;
    if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) {
      throw new ConfusionMatrixError(
        `label ${Math.floor(i / classes)}, prediction ${i % classes}: expected a count of at least 0, got ${count}`,
      );
    }
  }
  return classes;
}

/** Scores may be infinite (they rank first or last), but not NaN. */
export function requireScores(scores: ArrayLike<number>, what = 'scores'): void {
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i])) throw new ScoreError(`${what}[${i}]: expected a number, got NaN`);
  }
}

/** Flags 0 or 1, false or true, as bytes. */
export function requireFlags(flags: ArrayLike<number | boolean>, length: number, what: string): Uint8Array {
  if (flags.length !== length) {
    throw new MetricLengthError(`expected ${length} flags in ${what}, got ${flags.length}`);
  }
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const flag = Number(flags[i]);
    if (flag !== 0 && flag !== 1) throw new MetricLabelError(`${what}[${i}]: expected 0 or 1, got ${flags[i]}`);
    bytes[i] = flag;
  }
  return bytes;
}
