import type { Rng } from '@tensor-papers/numerics/random';
import { requireInteger } from '../checks.js';
import { SplitError } from '../errors.js';
import { readLabels } from '../labels.js';
import { groupByClass } from '../pairs/comparison.js';

/** What {@link splitClasses} returns: indices of images, in the order of the data. */
export interface ClassSplit {
  readonly train: Int32Array;
  /** Images of the classes that were held out. */
  readonly heldOut: Int32Array;
  /** The ids of those classes, ascending. */
  readonly heldOutClasses: Int32Array;
}

/**
 * Holds out whole classes, drawn at random: what an embedding is chosen and tested on are images of classes that training has not seen.
 *
 * Images without a label (−1) are in neither part.
 *
 * @param labels one an image
 * @param options how many classes are held out, and a source that decides which
 * @throws SplitError unless that leaves at least one class for training; LabelsError, OptionError
 * @example
 * const { train, heldOut } = splitClasses(data.labels, { classes: 100, rng });
 */
export function splitClasses(
  labels: ArrayLike<number>,
  { classes, rng }: { readonly classes: number; readonly rng: Rng },
): ClassSplit {
  requireInteger('classes', classes, 1);
  const ids = readLabels('labels', labels, labels.length);
  const known = Int32Array.from(groupByClass(ids).keys()).sort();
  if (classes >= known.length) {
    throw new SplitError(
      `expected more than ${classes} classes, to hold out ${classes} and train on the others, got ${known.length}`,
    );
  }
  const order = rng.stream('held-out-classes').permutation(known.length);
  const heldOutClasses = Int32Array.from(order.subarray(0, classes), (i) => known[i]!).sort();
  const isHeldOut = new Set(heldOutClasses);
  const where = (wanted: boolean) =>
    Int32Array.from([...ids.keys()].filter((i) => ids[i]! >= 0 && isHeldOut.has(ids[i]!) === wanted));
  return { train: where(false), heldOut: where(true), heldOutClasses };
}
