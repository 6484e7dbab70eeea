import type { DataSet } from '@tensor-papers/numerics/data-set';
import { softmaxRows } from '@tensor-papers/numerics/metrics';
import type { Rng } from '@tensor-papers/numerics/random';
import { pngDataUri } from '@tensor-papers/workbench';

/** One image of the gallery block, all fields given. */
export type GalleryItem = {
  image: string;
  title: string;
  labels: string[];
  bars: { name: string; values: number[] }[];
  note: string;
};

const ofEachKind = 4;

/**
 * Test images with what teacher and student say of them: those on which the teacher is least certain (largest entropy), those on which
 * the two differ most (largest Σ|p − q|), and some drawn at random.
 *
 * @param teacher logits `[n × classes]` of the test images
 * @param student logits `[n × classes]` of the test images
 */
export function drawGallery(test: DataSet, teacher: Float32Array, student: Float32Array, rng: Rng): GalleryItem[] {
  const classes = test.classNames.length;
  const [p, q] = [softmaxRows(teacher, classes), softmaxRows(student, classes)];
  const row = (values: ArrayLike<number>, index: number) =>
    Array.from({ length: classes }, (_, i) => values[index * classes + i]!);
  const entropy = (index: number) =>
    row(p, index).reduce((sum, value) => sum - (value > 0 ? value * Math.log(value) : 0), 0);
  const difference = (index: number) =>
    row(p, index).reduce((sum, value, i) => sum + Math.abs(value - q[index * classes + i]!), 0);

  const all = Array.from({ length: test.length }, (_, index) => index);
  const largest = (score: (index: number) => number) =>
    all
      .map((index) => [score(index), index] as const)
      .sort(([a, i], [b, j]) => b - a || i - j)
      .map(([, index]) => index);
  const drawn = [...rng.stream('gallery').permutation(test.length)];
  const chosen = new Map<number, string>();
  for (const [why, order] of [
    ['teacher least certain', largest(entropy)],
    ['teacher and student differ', largest(difference)],
    ['drawn at random', drawn],
  ] as const) {
    for (const index of order.filter((each) => !chosen.has(each)).slice(0, ofEachKind)) chosen.set(index, why);
  }
  return [...chosen].map(([index, why]) => ({
    image: picture(test, index),
    title: test.classNames[test.labels[index]!]!,
    labels: [...test.classNames],
    bars: [
      { name: 'teacher', values: row(p, index).map(rounded) },
      { name: 'BAN-1', values: row(q, index).map(rounded) },
    ],
    note: `${why}; ${test.ids[index]}`,
  }));
}

const rounded = (value: number) => Number(value.toFixed(4));

function picture(test: DataSet, index: number): string {
  const pixels = test.images([index]);
  if (pixels instanceof Promise) throw new TypeError('expected a data set in memory');
  const [height, width, channels] = test.shape;
  return pngDataUri(pixels, width, height, channels);
}
