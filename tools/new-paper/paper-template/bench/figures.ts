// REPLACE: what the report shows of your paper: typed blocks, drawn without an edit there. Give each a caption that a reader can check.
import {
  type Bar,
  differencesBySeed,
  type Figure,
  type FigureContext,
  meanBar,
  seedsInWords,
} from '@tensor-papers/workbench';
import type { ExperimentConfig } from './config.js';

/** What each arm gains over one-hot labels, seed by seed. */
export function figures(context: FigureContext<ExperimentConfig>): Figure[] {
  const valuesOf = (arm: string) => context.arms[arm]?.['test-accuracy'] ?? [];
  const bars = context.config.arms
    .filter((arm) => arm !== 'one-hot')
    .flatMap((arm): Bar | [] => meanBar(arm, differencesBySeed(valuesOf(arm), valuesOf('one-hot'))) ?? []);
  return [
    {
      kind: 'bars',
      id: 'effects',
      title: 'What each arm gains over one-hot labels',
      unit: 'pp of test accuracy',
      reference: 0,
      bars,
      caption: `Difference to the control of the same seed, on the same images. ${seedsInWords(context)}.`,
      alt: `Differences to one-hot labels in points of test accuracy: ${bars.map(({ label, value }) => `${label} ${value.toFixed(2)}`).join(', ')}.`,
    },
  ];
}
