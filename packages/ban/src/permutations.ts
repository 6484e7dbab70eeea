import type { Rng } from '@tensor-papers/numerics/random';
import { OptionError } from './errors.js';

/**
 * A fresh uniformly random permutation of the C − 1 non-argmax classes for every sample: φ of eq. 11.
 *
 * The paper does not say how often φ is drawn. Fresh draws average to the `smoothMax` target; permutations that stay with
 * their sample ({@link fixedPermutations}) make a wrong but consistent target.
 *
 * @param batch number of samples B
 * @param classes number of classes C, at least 2
 * @param rng the source of the draws; advances by B permutations
 * @returns `[B, C − 1]` row-major, each row a permutation of 0 … C − 2
 * @throws OptionError for fewer than two classes
 */
export function drawPermutations(batch: number, classes: number, rng: Rng): Int32Array {
  return fill(batch, classes, () => rng.permutation(classes - 1));
}

/**
 * The permutation that belongs to each sample: the same sample id always gets the same one, whatever batch it comes in.
 *
 * @param ids one stable name per sample
 * @param classes number of classes C, at least 2
 * @param rng only names the streams; is not advanced
 * @returns `[B, C − 1]` row-major, each row a permutation of 0 … C − 2
 * @throws OptionError for fewer than two classes
 */
export function fixedPermutations(ids: readonly string[], classes: number, rng: Rng): Int32Array {
  return fill(ids.length, classes, (sample) => rng.stream(ids[sample]!).permutation(classes - 1));
}

function fill(batch: number, classes: number, draw: (sample: number) => Int32Array): Int32Array {
  if (!Number.isInteger(classes) || classes < 2) {
    throw new OptionError(`permutations: expected at least 2 classes, got ${classes}`);
  }
  if (!Number.isInteger(batch) || batch < 0) {
    throw new OptionError(`permutations: expected a number of samples, got ${batch}`);
  }
  const width = classes - 1;
  const permutations = new Int32Array(batch * width);
  for (let sample = 0; sample < batch; sample++) permutations.set(draw(sample), sample * width);
  return permutations;
}
