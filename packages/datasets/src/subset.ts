import type { DataSet } from '@tensor-papers/numerics/data-set';
import { requireIndex } from './image-set.js';

/**
 * The images of `data` at `indices`, in that order, as a data set of its own; an index may come more than once.
 *
 * Pixels are not copied until they are asked for. `source` stays that of the whole: the ids say which images these are.
 *
 * @throws IndexRangeError
 */
export function subset(data: DataSet, indices: ArrayLike<number>): DataSet {
  const chosen = Int32Array.from(indices, (index) => requireIndex(index, data.length));
  const inWhole = (wanted: ArrayLike<number>) =>
    Int32Array.from(wanted, (index) => chosen[requireIndex(index, chosen.length)]!);
  return {
    length: chosen.length,
    shape: data.shape,
    classNames: data.classNames,
    ids: Array.from(chosen, (index) => data.ids[index]!),
    labels: chosen.map((index) => data.labels[index]!),
    source: data.source,
    images: (wanted) => data.images(inWhole(wanted)),
    ...(data.targets ? { targets: (wanted: ArrayLike<number>) => data.targets!(inWhole(wanted)) } : {}),
  };
}
