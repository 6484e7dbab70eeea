import type { DataSet } from '@tensor-papers/numerics/data-set';
import { argmaxRows, softmaxRows } from '@tensor-papers/numerics/metrics';
import type { Rng } from '@tensor-papers/numerics/random';
import { pngDataUri } from '@tensor-papers/workbench';

/** One image of the gallery block, all fields given. */
export type GalleryItem = {
  image: string;
  title: string;
  group: string;
  labels: string[];
  bars: { name: string; values: number[] }[];
  note: string;
};

const ofEachKind = 4;

/**
 * Test images with what teacher and student say of them, in groups: both are wrong, only the teacher is wrong, only the student is
 * wrong (of each those whose wrong answer is surest), the teacher is least certain (largest entropy), and some drawn at random.
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
  const [byTeacher, byStudent] = [argmaxRows(teacher, classes), argmaxRows(student, classes)];
  const isWrong = (answers: ArrayLike<number>, index: number) => answers[index] !== test.labels[index];
  const sure = (values: ArrayLike<number>, answers: ArrayLike<number>) => (index: number) =>
    values[index * classes + answers[index]!]!;

  const all = Array.from({ length: test.length }, (_, index) => index);
  const largest = (indices: readonly number[], score: (index: number) => number) =>
    indices
      .map((index) => [score(index), index] as const)
      .sort(([a, i], [b, j]) => b - a || i - j)
      .map(([, index]) => index);
  const bothWrong = all.filter((index) => isWrong(byTeacher, index) && isWrong(byStudent, index));
  const teacherWrong = all.filter((index) => isWrong(byTeacher, index) && !isWrong(byStudent, index));
  const studentWrong = all.filter((index) => !isWrong(byTeacher, index) && isWrong(byStudent, index));
  const chosen = new Map<number, string>();
  for (const [group, order] of [
    ['Both disagree with the label', largest(bothWrong, sure(q, byStudent))],
    ['Only the teacher disagrees', largest(teacherWrong, sure(p, byTeacher))],
    ['Only the student disagrees', largest(studentWrong, sure(q, byStudent))],
    ['The teacher is least certain', largest(all, entropy)],
    ['Drawn at random', [...rng.permutation(test.length)]],
  ] as const) {
    for (const index of order.filter((each) => !chosen.has(each)).slice(0, ofEachKind)) chosen.set(index, group);
  }
  return [...chosen].map(([index, group]) => ({
    image: picture(test, index),
    title: test.classNames[test.labels[index]!]!,
    group,
    labels: [...test.classNames],
    bars: [
      { name: 'teacher', values: row(p, index).map(rounded) },
      { name: 'BAN-1', values: row(q, index).map(rounded) },
    ],
    note: test.ids[index]!,
  }));
}

const rounded = (value: number) => Number(value.toFixed(4));

function picture(test: DataSet, index: number): string {
  const pixels = test.images([index]);
  if (pixels instanceof Promise) throw new TypeError('expected a data set in memory');
  const [height, width, channels] = test.shape;
  return pngDataUri(pixels, width, height, channels);
}
