import { type Figure, seedsInWords } from '@tensor-papers/workbench';
import type { Role } from '../arms.js';
import { type Context, valuesOf } from './context.js';

const columns = [
  ['test-accuracy', 'test, %', 2],
  ['test-nll', 'NLL, nats', 3],
  ['test-ece', 'ECE, %', 2],
] as const;
const roles: readonly Role[] = ['teacher', 'ban', 'ban+l'];

/** Every setting of the study in a row: means over seeds. */
export function studyValues(context: Context): Figure {
  const mean = (values: readonly (number | null)[], digits: number) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return null;
    return Number((known.reduce((sum, value) => sum + value, 0) / known.length).toFixed(digits));
  };
  return {
    kind: 'table',
    id: 'settings',
    title: 'Every setting',
    columns: [
      'images',
      'filters',
      'epochs',
      'teacher: train, %',
      ...roles.flatMap((role) => columns.map(([, label]) => `${role}: ${label}`)),
    ],
    rows: context.config.parts.map((part) => [
      10 * part.trainPerClass!,
      part.net.kind === 'small-cnn' ? part.net.filters.join(' / ') : '',
      part.epochs,
      mean(valuesOf(context, part, 'teacher', 'train-accuracy'), 2),
      ...roles.flatMap((role) =>
        columns.map(([metric, , digits]) => mean(valuesOf(context, part, role, metric), digits)),
      ),
    ]),
    caption: `Accuracy, negative log-likelihood and calibration error on the test images. ${seedsInWords(context).replace(' with 95 % t intervals', '')}.`,
    alt: 'Accuracy, likelihood and calibration of teacher, BAN and BAN+L in every setting.',
  };
}
