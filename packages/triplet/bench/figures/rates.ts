import { type Figure, meanSeries, seedsInWords } from '@tensor-papers/workbench';
import type { TrainedRole } from '../arms.js';
import { type Context, valuesOf } from './context.js';

const roles: readonly TrainedRole[] = ['hn', 'shn', 'sct'];

/** A metric of each loss over the learning rate. */
const overRates = (context: Context, metric: string) => {
  const parts = context.config.parts.filter(({ prefix }) => prefix.startsWith('rate-'));
  return roles.map((role) =>
    meanSeries(
      role,
      context.seeds.map((_, seed) =>
        parts.map(
          (part) => [Math.log10(part.learningRates[0]), valuesOf(context, part, role, metric)[seed] ?? null] as const,
        ),
      ),
    ),
  );
};

/** What is found, and whether training collapses, at every learning rate by itself. */
export function rates(context: Context): Figure[] {
  const x = { label: 'log10 of the learning rate' };
  return [
    {
      ...{ kind: 'curve', id: 'learning-rates', x, y: { label: 'R@1 on unseen classes', unit: '%' } },
      title: 'Every learning rate for itself: what is found',
      series: overRates(context, 'r1'),
      caption: `Test classes: this figure shows how much the rate matters and chooses none. ${seedsInWords(context)}.`,
      alt: 'R@1 of HN, SHN and SCT over the logarithm of the learning rate.',
    },
    {
      ...{ kind: 'curve', id: 'learning-rates-collapse', x, y: { label: 'mean cosine of two images' } },
      title: 'Every learning rate for itself: whether the embedding collapses',
      series: overRates(context, 'mean-cosine'),
      caption: `Of a training batch at the end; near 1 all images have the same embedding. ${seedsInWords(context)}.`,
      alt: 'Mean cosine of two images at the end of training over the logarithm of the learning rate, for HN, SHN and SCT.',
    },
  ];
}
