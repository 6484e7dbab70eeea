import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { PseudoLabels } from './pseudo-labels.js';

/**
 * The labelled examples with their labels, then unlabelled ones with their pseudo-labels: L̂^v = L ∪ PL^v.
 *
 * A view: images are read from the two sets when they are asked for.
 */
export function unionSet(
  labeled: DataSet,
  unlabeled: DataSet,
  { indices, labels }: Pick<PseudoLabels, 'indices' | 'labels'>,
): DataSet {
  const own = labeled.length;
  return {
    length: own + indices.length,
    shape: labeled.shape,
    classNames: labeled.classNames,
    ids: [...labeled.ids, ...Array.from(indices, (index) => unlabeled.ids[index]!)],
    labels: Int32Array.from([...labeled.labels, ...labels]),
    source: labeled.source,
    images: async (wanted) => {
      const positions = Array.from(wanted);
      const first = positions.filter((position) => position < own);
      const second = positions.filter((position) => position >= own).map((position) => indices[position - own]!);
      const [labelled, pseudo] = await Promise.all([
        first.length > 0 ? labeled.images(first) : new Uint8Array(0),
        second.length > 0 ? unlabeled.images(second) : new Uint8Array(0),
      ]);
      if (second.length === 0) return labelled;
      if (first.length === 0) return pseudo;
      return interleave(positions, own, labelled, pseudo, labeled.shape);
    },
  };
}

/** Puts the images of two sets back into the order in which they were asked for. */
function interleave(
  positions: readonly number[],
  own: number,
  labelled: Uint8Array,
  pseudo: Uint8Array,
  [height, width, channels]: DataSet['shape'],
): Uint8Array {
  const size = height * width * channels;
  const pixels = new Uint8Array(positions.length * size);
  let fromLabelled = 0;
  let fromPseudo = 0;
  positions.forEach((position, i) => {
    const start = position < own ? size * fromLabelled++ : size * fromPseudo++;
    pixels.set((position < own ? labelled : pseudo).subarray(start, start + size), i * size);
  });
  return pixels;
}
