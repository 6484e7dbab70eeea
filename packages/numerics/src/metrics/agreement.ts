import { argmaxRows } from './argmax-rows.js';
import { MetricLengthError } from './errors.js';

/**
 * The share of examples for which two classifiers name the same class (top-1 agreement), right or wrong.
 *
 * @param logitsA `[n × classes]` row-major
 * @param logitsB `[n × classes]` row-major
 * @returns a fraction in [0, 1]
 * @throws MetricLengthError where the two differ in length; EmptyMetricError, NonFiniteLogitsError, MetricOptionError
 */
export function agreement(logitsA: ArrayLike<number>, logitsB: ArrayLike<number>, classes: number): number {
  if (logitsA.length !== logitsB.length) {
    throw new MetricLengthError(`expected logits of equal length, got ${logitsA.length} and ${logitsB.length}`);
  }
  const [a, b] = [argmaxRows(logitsA, classes), argmaxRows(logitsB, classes)];
  let same = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) same++;
  }
  return same / a.length;
}
