import { requireInteger, requireLength } from './checks.js';
import { ShapeError } from './errors.js';
import { largestOf } from './vote-labels.js';

/** What the heads say together. */
export interface SumRulePrediction {
  /** `[N × C]` row-major sums of the heads' probabilities. */
  readonly sums: Float64Array;
  /** `[N]` class of the largest sum; the lowest among equals. */
  readonly classes: Int32Array;
}

/**
 * Inference by the sum rule: y = argmax_c { p_1(c|x) + p_2(c|x) + p_3(c|x) }.
 *
 * A sum of probabilities: neither a majority vote nor a sum of logits, which give other classes.
 *
 * @param headProbabilities of each head `[N × C]` row-major
 * @param classes C
 * @throws ShapeError, OptionError
 */
export function sumRule(headProbabilities: readonly ArrayLike<number>[], classes: number): SumRulePrediction {
  requireInteger('sumRule: classes', classes, 1);
  const [first] = headProbabilities;
  if (first === undefined) throw new ShapeError('sumRule: expected the probabilities of at least one head, got none');
  const rows = Math.floor(first.length / classes);
  for (const each of headProbabilities) requireLength('sumRule', each, rows * classes, `[${rows} × ${classes}]`);
  const sums = Float64Array.from(first, (_, i) => headProbabilities.reduce((sum, head) => sum + head[i]!, 0));
  return { sums, classes: Int32Array.from({ length: rows }, (_, row) => largestOf(sums, row * classes, classes)) };
}
