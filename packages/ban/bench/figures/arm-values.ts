import { type Bar, type Figure, meanBar, seedsInWords } from '@tensor-papers/workbench';
import { rolesOf } from '../arms.js';
import { type Context, valuesOf } from './context.js';

const metrics = [
  ['test-accuracy', 'Test accuracy of every arm', '%'],
  ['test-nll', 'Negative log-likelihood on the test images', 'nats'],
  ['test-ece', 'Calibration error on the test images (15 bins)', '%'],
] as const;

/** A metric of every arm, part after part. */
export function armValues(context: Context): Figure[] {
  return metrics.map(([metric, title, unit]): Figure => {
    const bars = context.config.parts.flatMap((part) =>
      rolesOf(part).flatMap((role): Bar | [] => meanBar(role, valuesOf(context, part, role, metric), part.title) ?? []),
    );
    return {
      kind: 'bars',
      id: metric,
      title,
      unit,
      bars,
      caption: `${seedsInWords(context)}. Intervals of single arms overlap easily, because seeds differ; what counts are the differences within a seed.`,
      alt: `${title}: one mark for each of ${bars.length} arms.`,
    };
  });
}
