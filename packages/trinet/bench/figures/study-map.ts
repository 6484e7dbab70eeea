import { type Figure, meanBar, seedsInWords } from '@tensor-papers/workbench';
import type { Part } from '../config.js';
import { type Context, differences, valuesOf } from './context.js';

const settingsOf = (context: Context): Part[] => context.config.parts.filter(({ prefix }) => /^n\d+\//.test(prefix));

/** Where Tri-net helps and where it hurts: one difference for each setting. */
function map(context: Context): Figure {
  const bars = settingsOf(context).flatMap((part) => {
    const [labels, steps, sigma] = part.title.split(', ');
    return (
      meanBar(
        sigma!,
        differences(context, part, 'trinet', 'supervised-extra', 'test-accuracy'),
        `${labels}, ${steps}`,
      ) ?? []
    );
  });
  return {
    kind: 'bars',
    id: 'map',
    title: 'Tri-net against labels alone',
    unit: 'pp of test accuracy',
    reference: 0,
    bars,
    caption: `Difference to the net of the same seed without unlabelled images, by number of labels, length of the initialisation and threshold. ${seedsInWords(context)}.`,
    alt: `One difference for each of ${bars.length} settings.`,
  };
}

/** Against how good the net is that starts to label. */
function gainByBase(context: Context): Figure {
  const points = settingsOf(context).flatMap((part) => {
    const gains = differences(context, part, 'trinet', 'supervised', 'test-accuracy');
    return valuesOf(context, part, 'supervised', 'test-accuracy').flatMap((x, seed) => {
      const y = gains[seed];
      return x === null || y === null || y === undefined
        ? []
        : [{ x, y, group: `σ_0 = ${part.thresholds[0].sigma0}`, label: part.title }];
    });
  });
  return {
    kind: 'scatter',
    id: 'gain-by-base',
    title: 'Gain of Tri-net against how good it was before',
    x: { label: 'test accuracy after initialisation', unit: '%' },
    y: { label: 'test accuracy, Tri-net − initialisation', unit: 'pp' },
    points,
    caption:
      'One point for each setting and seed. Extra steps alone gain something too: the figure above takes that off.',
    alt: 'Gain of Tri-net over the accuracy of its initialisation.',
  };
}

/** Against how many pseudo-labels are wrong. */
function gainByError(context: Context): Figure {
  const points = settingsOf(context).flatMap((part) => {
    const gains = differences(context, part, 'trinet', 'supervised-extra', 'test-accuracy');
    return valuesOf(context, part, 'trinet', 'pseudo-label-error').flatMap((x, seed) => {
      const y = gains[seed];
      return x === null || y === null || y === undefined
        ? []
        : [{ x, y, group: `${10 * part.labelsPerClass} labels`, label: part.title }];
    });
  });
  return {
    kind: 'scatter',
    id: 'gain-by-error',
    title: 'Gain of Tri-net against its wrong pseudo-labels',
    x: { label: 'wrong pseudo-labels, mean over rounds', unit: '%' },
    y: { label: 'test accuracy, Tri-net − labels alone', unit: 'pp' },
    points,
    caption: 'One point for each setting and seed.',
    alt: 'Gain of Tri-net over the share of wrong pseudo-labels.',
  };
}

/** The figures of the map of the study preset. */
export const studyMap = (context: Context): Figure[] => [map(context), gainByBase(context), gainByError(context)];
