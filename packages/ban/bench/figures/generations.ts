import { tInterval } from '@tensor-papers/numerics/statistics';
import { type Figure, meanSeries, seedsInWords } from '@tensor-papers/workbench';
import type { Role } from '../arms.js';
import type { Part } from '../config.js';
import { type Context, idOf, valuesOf } from './context.js';

const generationRoles = ['teacher', 'ban', 'ban-2', 'ban-3'] as const;

/** Accuracy over the number of trainings: generations, ensembles of them, and ensembles of independent teachers. */
export function generations(context: Context, part: Part): Figure {
  const line = (name: string, roles: readonly Role[], first: number) =>
    meanSeries(
      name,
      context.seeds.map((_, seed) =>
        roles.map((role, i) => [first + i, valuesOf(context, part, role, 'test-accuracy')[seed] ?? null] as const),
      ),
    );
  return {
    kind: 'curve',
    id: idOf('generations', part),
    title: `${part.title}: generations and ensembles of them`,
    x: { label: 'number of trainings' },
    y: { label: 'test accuracy', unit: '%' },
    series: [
      line('teacher, then BAN-1, BAN-2, BAN-3', generationRoles, 1),
      line('ensemble of the first students (BANE)', ['ban', 'bane-2', 'bane-3'], 2),
      line('ensemble of independent teachers (control)', ['teacher', 'ensemble-2-teachers', 'ensemble-3-teachers'], 1),
    ],
    caption: `At equal training cost: BANE-K needs K + 1 trainings, an ensemble of K teachers K. ${seedsInWords(context)}.`,
    alt: 'Test accuracy over the number of trainings for single generations, ensembles of generations, and ensembles of independent teachers.',
  };
}

const columns = [
  ['test accuracy, %', 'test-accuracy', 2],
  ['negative log-likelihood', 'test-nll', 3],
  ['calibration error, %', 'test-ece', 2],
  ['agreement with its teacher, %', 'teacher-agreement', 1],
  ['train accuracy, %', 'train-accuracy', 2],
  ['mean largest probability', 'train-confidence', 3],
] as const;

/** What changes from one generation to the next. */
export function generationTable(context: Context, part: Part): Figure {
  const cell = (role: Role, metric: string, digits: number) => {
    const known = valuesOf(context, part, role, metric).filter((value) => value !== null);
    if (known.length === 0) return null;
    if (known.length < 3) return (known.reduce((sum, value) => sum + value, 0) / known.length).toFixed(digits);
    const { mean, high } = tInterval(known);
    return `${mean.toFixed(digits)} ± ${(high - mean).toFixed(digits)}`;
  };
  return {
    kind: 'table',
    id: idOf('generation-table', part),
    title: `${part.title}: generation by generation`,
    columns: ['', ...columns.map(([name]) => name)],
    rows: generationRoles.map((role, k) => [
      k === 0 ? 'teacher' : `BAN-${k}`,
      ...columns.map(([, metric, digits]) => cell(role, metric, digits)),
    ]),
    caption: `The largest probability is on training images: what is left to 1 is what a teacher can say beyond its answer. ${seedsInWords(context)}${context.seeds.length > 2 ? ' (± half their width)' : ''}.`,
    alt: 'One row for the teacher and each of three generations, with accuracy, likelihood, calibration, agreement and confidence.',
  };
}
