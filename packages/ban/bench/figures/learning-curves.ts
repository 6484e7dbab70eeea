import { type Figure, meanSeries, seedsInWords } from '@tensor-papers/workbench';
import type { Role } from '../arms.js';
import type { Part } from '../config.js';
import { type Context, idOf } from './context.js';

const shown: readonly Role[] = ['teacher', 'ban', 'ban+l', 'cwtm', 'dkpp', 'smoothMax'];

/** Validation accuracy over epochs. */
export function learningCurves(context: Context, part: Part): Figure {
  return {
    kind: 'curve',
    id: idOf('learning-curves', part),
    title: `${part.title}: learning curves`,
    x: { label: 'epoch' },
    y: { label: 'validation accuracy', unit: '%' },
    series: shown
      .filter((role) => part.trained.includes(role))
      .map((role) =>
        meanSeries(
          role,
          context.seeds.map(
            ({ outcome }) => outcome.series?.find(({ arm }) => arm === part.prefix + role)?.points ?? [],
          ),
        ),
      ),
    caption: `Accuracy on validation images, which select nothing: the last epoch's weights are tested. ${seedsInWords(context)}.`,
    alt: 'Validation accuracy after each epoch for the teacher and its students.',
  };
}
