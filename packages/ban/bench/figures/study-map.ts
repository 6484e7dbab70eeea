import { type Figure, meanBar, seedsInWords } from '@tensor-papers/workbench';
import type { Role } from '../arms.js';
import { type Context, differences, valuesOf } from './context.js';

/** Where distillation helps and where it hurts: one difference for each part. */
function map(context: Context, role: Role, id: string, title: string): Figure {
  const bars = context.config.parts.flatMap(
    (part) =>
      meanBar(
        `${part.trainPerClass! * 10} images`,
        differences(context, part, role, 'teacher', 'test-accuracy'),
        part.title.slice(part.title.indexOf(',') + 2),
      ) ?? [],
  );
  return {
    kind: 'bars',
    id,
    title,
    unit: 'pp of test accuracy',
    reference: 0,
    bars,
    caption: `Difference to the teacher of the same seed, by number of training images, size of the net and length of the training. ${seedsInWords(context)}.`,
    alt: `One difference for each of ${bars.length} settings, from ${Math.min(...bars.map(({ value }) => value)).toFixed(2)} to ${Math.max(...bars.map(({ value }) => value)).toFixed(2)} points.`,
  };
}

/** Against how well the teacher knows its training images. */
function byTrainAccuracy(context: Context): Figure {
  const points = context.config.parts.flatMap((part) => {
    const gains = differences(context, part, 'ban', 'teacher', 'test-accuracy');
    return valuesOf(context, part, 'teacher', 'train-accuracy').flatMap((x, seed) => {
      const y = gains[seed];
      return x === null || y === null || y === undefined ? [] : [{ x, y, group: `${part.epochs} epochs` }];
    });
  });
  return {
    kind: 'scatter',
    id: 'gain-by-train-accuracy',
    title: 'Gain of BAN against what its teacher has learnt',
    x: { label: 'train accuracy of the teacher', unit: '%' },
    y: { label: 'test accuracy, BAN − teacher', unit: 'pp' },
    points,
    caption: 'One point for each setting and seed.',
    alt: 'Gain of the first student over the train accuracy of its teacher.',
  };
}

/** The figures of the study preset. */
export const studyMap = (context: Context): Figure[] => [
  map(context, 'ban', 'map-ban', 'BAN against its teacher'),
  map(context, 'ban+l', 'map-ban-l', 'BAN+L against its teacher'),
  byTrainAccuracy(context),
];
