import { type Figure, seedsInWords } from '@tensor-papers/workbench';
import type { TrainedRole } from '../arms.js';
import type { Part } from '../config.js';
import { type Context, idOf, lineOf, pointsOf } from './context.js';

const labelling = (part: Part): TrainedRole[] => part.trained.filter((role) => role !== 'supervised-extra');

/** How often the heads disagree. */
export function disagreement(context: Context, part: Part): Figure {
  return {
    kind: 'curve',
    id: idOf('disagreement', part),
    title: `${part.title}: how often two heads disagree`,
    x: { label: 'round' },
    y: { label: 'unlabelled images on which two heads differ', unit: '%' },
    series: labelling(part).map((role) => lineOf(context, part, role, 'disagreement')),
    caption: `Mean over the three pairs of heads, on all unlabelled images, after each round; round 0 is the initialisation. Every fourth round fine-tunes on smeared labels, which is meant to make the heads differ again. ${seedsInWords(context)}.`,
    alt: 'Share of unlabelled images on which two heads differ, over rounds, for each arm.',
  };
}

/** How many pseudo-labels are wrong. */
export function pseudoLabelError(context: Context, part: Part): Figure {
  return {
    kind: 'curve',
    id: idOf('pseudo-label-error', part),
    title: `${part.title}: wrong pseudo-labels`,
    x: { label: 'round' },
    y: { label: 'wrong pseudo-labels', unit: '%' },
    series: [
      lineOf(context, part, 'trinet', 'error-accepted', 'trinet, before editing'),
      ...labelling(part).map((role) => lineOf(context, part, role, 'error-kept', `${role}, after editing`)),
    ],
    caption: `Mean over the three heads of a round; fine-tuning rounds label nothing. The oracle's are those that its heads gave, before they were replaced. The true labels serve this figure only. ${seedsInWords(context)}.`,
    alt: 'Share of pseudo-labels that are wrong, over rounds, before and after editing.',
  };
}

/** How much is accepted, and how much editing takes away. */
export function accepted(context: Context, part: Part): Figure {
  return {
    kind: 'curve',
    id: idOf('accepted', part),
    title: `${part.title}: how much of the pool is accepted`,
    x: { label: 'round' },
    y: { label: 'share', unit: '%' },
    series: [
      ...labelling(part).map((role) => lineOf(context, part, role, 'accepted', `${role}: accepted of the pool`)),
      lineOf(context, part, 'trinet', 'edited', 'trinet: edited away of the accepted'),
    ],
    caption: `Mean over the three heads of a round. ${seedsInWords(context)}.`,
    alt: 'Share of the pool that is accepted, and share of that which editing deletes, over rounds.',
  };
}

/** What is accepted against what of it is wrong, round by round. */
export function acceptedAgainstWrong(context: Context, part: Part): Figure {
  const points = labelling(part).flatMap((role) =>
    context.seeds.flatMap(({ seed }, i) => {
      const wrong = new Map(pointsOf(context, i, part, role, 'error-accepted').map(([round, y]) => [round, y]));
      return pointsOf(context, i, part, role, 'accepted').flatMap(([round, x]) => {
        const y = wrong.get(round) ?? null;
        return x === null || y === null ? [] : [{ x, y, group: role, label: `round ${round}, seed ${seed}` }];
      });
    }),
  );
  return {
    kind: 'scatter',
    id: idOf('accepted-against-wrong', part),
    title: `${part.title}: the more is accepted, the more is wrong?`,
    x: { label: 'accepted of the pool', unit: '%' },
    y: { label: 'wrong of the accepted', unit: '%' },
    points,
    caption: 'One point for each labelling round, arm and seed: mean over the three heads, before editing.',
    alt: 'Share of wrong pseudo-labels over the share of the pool that is accepted, one point a round.',
  };
}

/** Accuracy over rounds. */
export function learningCurves(context: Context, part: Part): Figure {
  return {
    kind: 'curve',
    id: idOf('learning-curves', part),
    title: `${part.title}: accuracy over rounds`,
    x: { label: 'round' },
    y: { label: 'validation accuracy', unit: '%' },
    series: part.trained.map((role) => lineOf(context, part, role, 'validation-accuracy')),
    caption: `Sum rule on validation images${part.thresholds.length > 1 ? ', on which the threshold was chosen' : ''}. ${seedsInWords(context)}.`,
    alt: 'Validation accuracy after each round for every arm.',
  };
}
