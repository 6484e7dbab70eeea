import type { Rng } from '@tensor-papers/numerics/random';
import { requireInteger, requireOneOf } from '../checks.js';
import { SamplerError } from '../errors.js';
import { MISSING } from '../labels.js';
import { groupByClass } from '../pairs/comparison.js';

/** Options of {@link classBalancedBatches}. */
export interface ClassBalancedBatchesOptions {
  /** P. */
  readonly classesPerBatch: number;
  /** K, at least 2 for a triplet. Default 2, that of the paper. */
  readonly imagesPerClass?: number;
  /** Decides everything, together with `epoch`: only its named streams are used. */
  readonly rng: Rng;
  /** Default 0. */
  readonly epoch?: number;
  /**
   * What an epoch is. `'sample'` (default): `passes` times K images of every class, for many small classes. `'fill'`: every class as often as
   * the largest one, its images repeated, so that all images of the largest class are used, for few large classes.
   */
  readonly mode?: 'sample' | 'fill';
  /** `'sample'` only: how often every class comes up. Default 1. */
  readonly passes?: number;
  /** A class with fewer than K images: its images come up more than once (`'repeat'`, default), it is left out (`'skip'`), or `'error'`. */
  readonly smallClasses?: 'repeat' | 'skip' | 'error';
}

/**
 * Batches of P classes with K images each, as indices; those of a class stand side by side, and no class comes up twice in a batch.
 *
 * K images of a class are different ones where it has as many. Classes that are left over at the end of a pass make no batch; they are
 * others in the next pass. Images without a label (−1) are left out.
 *
 * @param labels one an image
 * @returns the batches of one epoch, P · K indices each
 * @throws SamplerError where fewer than P classes can be drawn from, OptionError
 * @example
 * const epoch = classBalancedBatches(data.labels, { classesPerBatch: 64, rng });
 */
export function classBalancedBatches(
  labels: ArrayLike<number>,
  {
    classesPerBatch,
    imagesPerClass = 2,
    rng,
    epoch = 0,
    mode = 'sample',
    passes = 1,
    smallClasses = 'repeat',
  }: ClassBalancedBatchesOptions,
): Int32Array[] {
  requireInteger('classesPerBatch', classesPerBatch, 1);
  requireInteger('imagesPerClass', imagesPerClass, 1);
  requireInteger('epoch', epoch, 0);
  requireInteger('passes', passes, 1);
  requireOneOf('mode', mode, ['sample', 'fill']);
  requireOneOf('smallClasses', smallClasses, ['repeat', 'skip', 'error']);
  const classes = usableClasses(labels, imagesPerClass, smallClasses);
  if (classes.length < classesPerBatch) {
    throw new SamplerError(
      `expected at least ${classesPerBatch} classes to draw from, got ${classes.length}; take a smaller classesPerBatch` +
        (smallClasses === 'skip' ? `, or fewer than ${imagesPerClass} imagesPerClass` : ''),
    );
  }
  const random = rng.stream('class-balanced').stream(epoch);
  const largest = classes.reduce((size, images) => Math.max(size, images.length), 0);
  const rounds = mode === 'sample' ? passes : Math.ceil(largest / imagesPerClass);
  const draws = classes.map((images, c) => imageDraw(images, imagesPerClass, random.stream('images').stream(c)));
  const batches: Int32Array[] = [];
  for (let round = 0; round < rounds; round++) {
    const order = random.stream('classes').stream(round).permutation(classes.length);
    for (let first = 0; first + classesPerBatch <= order.length; first += classesPerBatch) {
      const batch = new Int32Array(classesPerBatch * imagesPerClass);
      for (let c = 0; c < classesPerBatch; c++) batch.set(draws[order[first + c]!]!(), c * imagesPerClass);
      batches.push(batch);
    }
  }
  return batches;
}

function usableClasses(
  labels: ArrayLike<number>,
  imagesPerClass: number,
  smallClasses: 'repeat' | 'skip' | 'error',
): Int32Array[] {
  const ids = Int32Array.from(labels);
  ids.forEach((id, image) => {
    if (id !== labels[image] || id < MISSING) {
      throw new SamplerError(
        `label ${image}: expected a class id of at least 0 (−1 where missing), got ${labels[image]}`,
      );
    }
  });
  const groups = [...groupByClass(ids)].sort(([a], [b]) => a - b);
  const small = groups.find(([, images]) => images.length < imagesPerClass);
  if (small && smallClasses === 'error') {
    throw new SamplerError(
      `class ${small[0]}: expected at least ${imagesPerClass} images, got ${small[1].length}; smallClasses 'repeat' or 'skip' goes on`,
    );
  }
  const kept = smallClasses === 'skip' ? groups.filter(([, images]) => images.length >= imagesPerClass) : groups;
  return kept.map(([, images]) => images);
}

/** Draws K images of a class at a time: all in random order before any comes up again, and K different ones where there are K. */
function imageDraw(images: Int32Array, count: number, random: Rng): () => Int32Array {
  let queue: number[] = [];
  return () => {
    const drawn: number[] = [];
    while (drawn.length < count) {
      if (queue.length === 0) {
        const fresh = Array.from(random.permutation(images.length), (i) => images[i]!);
        // Images that this draw has already go to the end, so that it repeats none that it need not.
        const again = fresh.filter((image) => drawn.includes(image));
        queue = [...fresh.filter((image) => !drawn.includes(image)), ...again];
      }
      drawn.push(queue.shift()!);
    }
    return Int32Array.from(drawn);
  };
}
