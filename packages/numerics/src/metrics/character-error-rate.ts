import { editDistance, symbols } from './edit-distance.js';
import { EmptyMetricError, MetricLengthError } from './errors.js';

/**
 * Character error rate of recognised texts: Σ_i d(predicted_i, reference_i) / Σ_i |reference_i| in code points, d being the
 * Levenshtein distance. Long texts weigh more; it is no mean of rates.
 *
 * @param predicted `[n]` texts
 * @param references `[n]` true texts
 * @returns at least 0, above 1 where more is inserted than there is to read; NaN where all references are empty
 * @throws MetricLengthError, EmptyMetricError
 * @example
 * characterErrorRate(['h0tel', 'exit'], ['hotel', 'exit']); // 1/9
 */
export function characterErrorRate(predicted: ArrayLike<string>, references: ArrayLike<string>): number {
  if (predicted.length !== references.length) {
    throw new MetricLengthError(`expected ${references.length} predicted texts, got ${predicted.length}`);
  }
  if (references.length === 0) throw new EmptyMetricError('expected at least one text, got none');
  let edits = 0;
  let length = 0;
  for (let i = 0; i < references.length; i++) {
    const reference = symbols(references[i]!);
    edits += editDistance(symbols(predicted[i]!), reference);
    length += reference.length;
  }
  return length === 0 ? Number.NaN : edits / length;
}
