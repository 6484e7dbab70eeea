import { type Figure, meanSeries, seedsInWords } from '@tensor-papers/workbench';
import type { TrainedRole } from '../arms.js';
import { type Context, valuesOf } from './context.js';

const roles: readonly TrainedRole[] = ['hn', 'shn', 'sct'];

/** Recall over the learning rate. */
export function rates(context: Context): Figure {
  const parts = context.config.parts.filter(({ prefix }) => prefix.startsWith('rate-'));
  return {
    kind: 'curve',
    id: 'learning-rates',
    title: 'Every learning rate for itself',
    x: { label: 'log10 of the learning rate' },
    y: { label: 'R@1 on unseen classes', unit: '%' },
    series: roles.map((role) =>
      meanSeries(
        role,
        context.seeds.map((_, seed) =>
          parts.map(
            (part) => [Math.log10(part.learningRates[0]), valuesOf(context, part, role, 'r1')[seed] ?? null] as const,
          ),
        ),
      ),
    ),
    caption: `Test classes: this figure shows how much the rate matters and chooses none. ${seedsInWords(context)}.`,
    alt: 'R@1 of HN, SHN and SCT over the logarithm of the learning rate.',
  };
}
