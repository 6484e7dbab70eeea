import { requireChoice, requireInteger, requireLabels, requireLength } from './checks.js';
import { largestOf } from './vote-labels.js';

/**
 * What counts as a mismatch in one stochastic pass of two labelling heads:
 *
 * - `mean`: the argmax of their averaged probabilities differs from the label (at most 1)
 * - `either`: at least one head's argmax differs (at most 1)
 * - `sum`: one for each head whose argmax differs (at most 2)
 */
export type DesCount = 'mean' | 'either' | 'sum';

/** @internal */
export const desCounts: readonly DesCount[] = ['mean', 'either', 'sum'];

/**
 * How many of K stochastic predictions differ from the label.
 *
 * @param predictions `[K × N]` row-major class ids, one row a pass
 * @param labels `[N]` class ids
 * @returns k, `[N]`
 * @throws ShapeError
 */
export function countMismatches(predictions: ArrayLike<number>, labels: ArrayLike<number>): Int32Array {
  const size = labels.length;
  const passes = size === 0 ? 0 : Math.floor(predictions.length / size);
  requireLength('countMismatches: predictions', predictions, passes * size, `[K × ${size}]`);
  const mismatches = new Int32Array(size);
  for (let i = 0; i < predictions.length; i++) if (predictions[i] !== labels[i % size]) mismatches[i % size]! += 1;
  return mismatches;
}

/** Options of {@link countLabelerMismatches}. */
export interface LabelerMismatchOptions {
  readonly classes: number;
  /** Default `mean`. */
  readonly count?: DesCount;
}

/**
 * How often K stochastic passes of two labelling heads differ from the label, see {@link DesCount}.
 *
 * @param probJ `[K × N × C]` row-major train-mode probabilities of one labelling head
 * @param probH of the other, from the same passes through the trunk
 * @param labels `[N]` class ids
 * @returns k, `[N]`: at most K, with `sum` at most 2K
 * @throws ShapeError, LabelsError, OptionError
 */
export function countLabelerMismatches(
  probJ: ArrayLike<number>,
  probH: ArrayLike<number>,
  labels: ArrayLike<number>,
  { classes, count = 'mean' }: LabelerMismatchOptions,
): Int32Array {
  requireInteger('countLabelerMismatches: classes', classes, 1);
  requireChoice('countLabelerMismatches: count', count, desCounts);
  requireLabels('countLabelerMismatches', labels, classes);
  const size = labels.length * classes;
  const passes = size === 0 ? 0 : Math.floor(probJ.length / size);
  requireLength('countLabelerMismatches: probJ', probJ, passes * size, `[K × ${labels.length} × ${classes}]`);
  requireLength('countLabelerMismatches: probH', probH, probJ.length, '[K × N × C], as many as probJ');
  const mismatches = new Int32Array(labels.length);
  for (let row = 0; row < passes * labels.length; row++) {
    const i = row % labels.length;
    const start = row * classes;
    mismatches[i]! += passMismatches(probJ, start, probH, start, { classes, count, label: labels[i]! });
  }
  return mismatches;
}

/** @internal The class that two rows of probabilities prefer on average. */
export function preferredByBoth(
  probJ: ArrayLike<number>,
  startJ: number,
  probH: ArrayLike<number>,
  startH: number,
  classes: number,
): number {
  let best = 0;
  let largest = probJ[startJ]! + probH[startH]!;
  for (let c = 1; c < classes; c++) {
    const value = probJ[startJ + c]! + probH[startH + c]!;
    if (value > largest) {
      largest = value;
      best = c;
    }
  }
  return best;
}

/** @internal The mismatches of one example in one pass. */
export function passMismatches(
  probJ: ArrayLike<number>,
  startJ: number,
  probH: ArrayLike<number>,
  startH: number,
  { classes, count, label }: { classes: number; count: DesCount; label: number },
): number {
  if (count === 'mean') return preferredByBoth(probJ, startJ, probH, startH, classes) === label ? 0 : 1;
  const j = largestOf(probJ, startJ, classes) === label ? 0 : 1;
  const h = largestOf(probH, startH, classes) === label ? 0 : 1;
  return count === 'sum' ? j + h : Math.max(j, h);
}

/** Options of {@link editLabels}. */
export interface EditOptions {
  /** K ≥ 1. */
  readonly passes: number;
  /** Delete at k = K/3 already. Default false: delete at k > K/3. */
  readonly inclusive?: boolean;
}

/**
 * Pseudo-label editing: a label that dropout moves too often is deleted, if k > K/3.
 *
 * 3k is compared with K in integers, so K need not be a multiple of 3.
 *
 * @param mismatches k, `[N]`, from {@link countMismatches} or {@link countLabelerMismatches}
 * @returns `[N]` 1 where the label is kept
 * @throws OptionError
 */
export function editLabels(mismatches: ArrayLike<number>, { passes, inclusive = false }: EditOptions): Uint8Array {
  requireInteger('editLabels: passes', passes, 1);
  return Uint8Array.from(mismatches, (k) => ((inclusive ? 3 * k < passes : 3 * k <= passes) ? 1 : 0));
}
