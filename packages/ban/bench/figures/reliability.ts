import { type CurveSeries, type Figure, meanSeries, seedsInWords } from '@tensor-papers/workbench';
import type { Role } from '../arms.js';
import type { Part } from '../config.js';
import { type Context, idOf, picturesOf } from './context.js';

const shown: readonly Role[] = ['teacher', 'ban', 'ban+l', 'dkpp', 'bane-3', 'ensemble-3-teachers'];
/** Images in a bin, over all seeds, below which its accuracy is noise. */
const fewest = 30;

const diagonal: CurveSeries = {
  name: 'as sure as right',
  reference: true,
  points: [
    { x: 0, y: 0 },
    { x: 100, y: 100 },
  ],
};

/** Accuracy over confidence: how far a stated probability can be believed. */
export function reliability(context: Context, part: Part): Figure {
  const pictures = picturesOf(context, part);
  const line = (role: Role): CurveSeries | [] => {
    const bins = pictures.flatMap(({ pictures: { reliability } }) => (reliability[role] ? [reliability[role]] : []));
    if (bins.length === 0) return [];
    const points = bins[0]!.flatMap((_, bin) => {
      const ofSeeds = bins.map((each) => each[bin]!).filter(({ count }) => count > 0);
      const count = ofSeeds.reduce((sum, each) => sum + each.count, 0);
      if (count < fewest) return [];
      const x = (100 * ofSeeds.reduce((sum, each) => sum + each.count * each.confidence, 0)) / count;
      return meanSeries(
        role,
        ofSeeds.map(({ accuracy }) => [[x, 100 * accuracy] as const]),
      ).points;
    });
    return { name: role, points };
  };
  return {
    kind: 'curve',
    id: idOf('reliability', part),
    title: `${part.title}: how far the stated probability can be believed`,
    x: { label: 'mean largest probability in the bin', unit: '%' },
    y: { label: 'accuracy in the bin', unit: '%' },
    series: [diagonal, ...shown.flatMap(line)],
    caption: `Test images in ten bins of equal width of the largest probability; bins with fewer than ${fewest} images over all seeds are left out. Below the dashed line a model is surer than it is right. ${seedsInWords(context)}.`,
    alt: 'Accuracy over the largest probability for teacher, students and ensembles, with the diagonal of perfect calibration.',
  };
}
