import { LabelRangeError } from './errors.js';

/**
 * Checks labels where they enter, and returns them.
 *
 * @param classes number of classes C; labels are 0 … C − 1
 * @param options `allowMissing`: −1 is accepted as well. Default false.
 * @throws LabelRangeError naming the first label that is none
 */
export function validateLabels<Labels extends ArrayLike<number>>(
  labels: Labels,
  classes: number,
  { allowMissing = false }: { readonly allowMissing?: boolean } = {},
): Labels {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < (allowMissing ? -1 : 0) || label >= classes) {
      const missing = allowMissing ? ' (−1 where missing)' : '';
      throw new LabelRangeError(`label of image ${i}: expected a class in 0 … ${classes - 1}${missing}, got ${label}`);
    }
  }
  return labels;
}
