import type { Figure } from '@tensor-papers/workbench';
import type { Part } from '../config.js';
import { type Context, idOf, picturesOf } from './context.js';

/** What teacher and student say of single images. */
export function softOutputs(context: Context, part: Part): Figure {
  const { seed, pictures } = picturesOf(context, part)[0]!;
  return {
    kind: 'gallery',
    id: idOf('soft-outputs', part),
    title: `${part.title}: dark knowledge, image by image`,
    items: pictures.gallery,
    caption: `Softmax outputs of seed ${seed} for test images. Where both disagree with the label, the student got its answer from the teacher, or from the image.`,
    alt: 'Test images in groups, each with the class probabilities of the teacher and of its first student.',
  };
}

/** Which classes the teacher takes for which. */
export function confusion(context: Context, part: Part): Figure {
  const all = picturesOf(context, part).map(({ pictures }) => pictures);
  const classes = all[0]!.classNames;
  const matrix = classes.map((_, row) =>
    classes.map((_, column) => all.reduce((sum, { confusion }) => sum + confusion[row * classes.length + column]!, 0)),
  );
  return {
    kind: 'confusion',
    id: idOf('teacher-confusion', part),
    title: `${part.title}: what the teacher confuses`,
    classes,
    matrix,
    caption: 'Counts over the test images of all seeds: the similarities that its soft outputs can pass on.',
    alt: 'Confusion matrix of the teacher: true class by predicted class.',
  };
}
