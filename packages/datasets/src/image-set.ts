import type { DataSet, DataSource } from '@tensor-papers/numerics/data-set';
import { DataShapeError, IndexRangeError } from './errors.js';
import { validateLabels } from './validate-labels.js';

/** What {@link imageSet} is made from. */
export interface ImageSetContents {
  /** All images one after the other, NHWC bytes: `n × h × w × c`. Kept, not copied. */
  readonly pixels: Uint8Array;
  /** One class id per image, −1 where missing. Copied. */
  readonly labels: ArrayLike<number>;
  /** Height, width, channels. */
  readonly shape: readonly [number, number, number];
  readonly classNames: readonly string[];
  /** One name per image. Default `0`, `1`, …. */
  readonly ids?: readonly string[];
  readonly source: DataSource;
}

/**
 * A data set that lies in memory.
 *
 * @throws DataShapeError, LabelRangeError; `images` of the result throws IndexRangeError
 */
export function imageSet(contents: ImageSetContents): DataSet {
  const { pixels, shape, classNames, source } = contents;
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 1)) {
    throw new DataShapeError(`expected height, width and channels of at least 1, got ${shape.join(' × ')}`);
  }
  const labels = Int32Array.from(validateLabels(contents.labels, classNames.length, { allowMissing: true }));
  const length = labels.length;
  const size = shape[0] * shape[1] * shape[2];
  if (pixels.length !== length * size) {
    throw new DataShapeError(
      `expected ${length} images of ${shape.join(' × ')} = ${length * size} bytes, one per label, got ${pixels.length}`,
    );
  }
  const ids = contents.ids ?? Array.from(labels, (_, i) => String(i));
  if (ids.length !== length) throw new DataShapeError(`expected ${length} ids, one per label, got ${ids.length}`);
  return {
    length,
    shape,
    classNames,
    ids,
    labels,
    source,
    images(indices) {
      const copy = new Uint8Array(indices.length * size);
      for (let i = 0; i < indices.length; i++) {
        const index = requireIndex(indices[i]!, length);
        copy.set(pixels.subarray(index * size, (index + 1) * size), i * size);
      }
      return copy;
    },
  };
}

export function requireIndex(index: number, length: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    throw new IndexRangeError(`expected the index of one of ${length} images, got ${index}`);
  }
  return index;
}
