import type { Rng } from '@tensor-papers/numerics/random';
import { TooFewExamplesError } from './errors.js';
import { validateLabels } from './validate-labels.js';

/**
 * `perClass` examples of every class, drawn without replacement, in ascending order.
 *
 * A class' draw depends on `rng` and that class' own examples only, so a larger `perClass` keeps what a smaller one chose.
 *
 * @param labels class ids; −1 (missing) is never chosen. The classes are 0 … the largest label.
 * @param rng only its named streams are used
 * @throws TooFewExamplesError, LabelRangeError
 */
export function classBalancedIndices(labels: ArrayLike<number>, perClass: number, rng: Rng): Int32Array {
  validateLabels(labels, Number.POSITIVE_INFINITY, { allowMissing: true });
  if (!Number.isSafeInteger(perClass) || perClass < 1) {
    throw new TooFewExamplesError(`expected at least one example per class, got ${perClass}`);
  }
  let classes = 0;
  for (let i = 0; i < labels.length; i++) classes = Math.max(classes, labels[i]! + 1);
  if (classes === 0 || classes > labels.length) {
    throw new TooFewExamplesError(
      `expected ${perClass} examples of each class, got ${labels.length} examples of ${classes} classes`,
    );
  }
  const members = Array.from({ length: classes }, (): number[] => []);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! >= 0) members[labels[i]!]!.push(i);
  }
  const chosen = members.flatMap((indices, label) => {
    if (indices.length < perClass) {
      throw new TooFewExamplesError(`class ${label}: expected at least ${perClass} examples, got ${indices.length}`);
    }
    return Array.from(rng.stream(label).permutation(indices.length).subarray(0, perClass), (i) => indices[i]!);
  });
  return Int32Array.from(chosen).sort();
}
