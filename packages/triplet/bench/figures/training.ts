import { type CurveSeries, type Figure, meanSeries, seedsInWords } from '@tensor-papers/workbench';
import type { TrainedRole } from '../arms.js';
import { stages } from '../arms.js';
import type { Part } from '../config.js';
import { type Context, idOf, picturesOf, pointsOf } from './context.js';

const roles: readonly TrainedRole[] = ['hn', 'shn', 'sct'];

const lines = (context: Context, part: Part, name: string): CurveSeries[] =>
  roles
    .filter((role) => part.trained.includes(role))
    .map((role) =>
      meanSeries(
        role,
        context.seeds.map((_, seed) => pointsOf(context, seed, part, role, name)),
      ),
    );

const level = (name: string, y: number): CurveSeries => ({
  ...{ name, reference: true },
  points: [
    { x: 0, y },
    { x: 100, y },
  ],
});

/** How training goes, seen on the same training batches. */
export function trainingCurves(context: Context, part: Part): Figure[] {
  const x = { label: 'training', unit: '%' };
  return [
    {
      ...{ kind: 'curve', id: idOf('mean-cosine', part), x, y: { label: 'mean cosine of two images' } },
      title: `${part.title}: whether the embedding collapses`,
      series: [level('collapsed', 0.95), ...lines(context, part, 'mean-cosine')],
      caption: `Near 1 all images have the same embedding. ${seedsInWords(context)}.`,
      alt: 'Mean cosine of two images of a training batch over the training, for HN, SHN and SCT.',
    },
    {
      ...{ kind: 'curve', id: idOf('hard-ratio', part), x, y: { label: 'share of hard triplets' } },
      title: `${part.title}: triplets whose negative is closer than their positive`,
      series: lines(context, part, 'hard-ratio'),
      caption: `Easy positive and hardest negative of each image of a training batch. ${seedsInWords(context)}.`,
      alt: 'Share of hard triplets over the training, for HN, SHN and SCT.',
    },
    {
      ...{ kind: 'curve', id: idOf('loss', part), x, y: { label: 'loss' } },
      title: `${part.title}: the loss`,
      series: [level('ln 2: all embeddings alike, NCA form', Math.LN2), ...lines(context, part, 'loss')],
      caption: `Mean of each twentieth of the training. The losses are of different triplets, so their heights do not compare. ${seedsInWords(context)}.`,
      alt: 'Loss over the training, for HN, SHN and SCT.',
    },
  ];
}

/** The triplet diagram of each loss, step by step. */
export function diagrams(context: Context, part: Part): Figure[] {
  const { seed, pictures } = picturesOf(context, part)[0]!;
  return Object.entries(pictures.diagrams).map(([role, steps]) => ({
    kind: 'scatter',
    id: idOf(`diagram-${role}`, part),
    title: `${part.title}: triplet diagram of ${role.toUpperCase()} through training`,
    x: { label: 'cosine with the positive, S_ap' },
    y: { label: 'cosine with the hardest negative, S_an' },
    points: steps.flatMap((points, step) =>
      points.map(([x, y]) => ({ x, y, group: `after ${stages[step]!} % of the training` })),
    ),
    caption: `Triplets of training batches, seed ${seed}. Above the diagonal a triplet is hard; the lower right corner is the goal, the upper right corner the collapse.`,
    alt: `Triplets of ${role.toUpperCase()} on the plane of positive and negative cosine, after ${stages.join(', ')} % of the training.`,
  }));
}
