import { type Bar, type Figure, meanBar, seedsInWords } from '@tensor-papers/workbench';
import { rolesOf, type TrainedRole, trainedRoles } from '../arms.js';
import type { Part } from '../config.js';
import { type Context, differences, idOf, valuesOf } from './context.js';

/** Every arm of a part against training on labels alone, seed by seed. */
export function effects(context: Context, part: Part): Figure {
  const control = part.trained.includes('supervised-extra') ? 'supervised-extra' : 'supervised';
  const roles = [...part.trained, 'supervised' as const].filter((role) => role !== control);
  const bars = roles.flatMap((role) => meanBar(role, differences(context, part, role, control, 'test-accuracy')) ?? []);
  return {
    kind: 'bars',
    id: idOf('effects', part),
    title: `${part.title}: what each arm gains over labels alone`,
    unit: 'pp of test accuracy',
    reference: 0,
    bars,
    caption: `Difference to ${control} of the same seed: ${control === 'supervised' ? 'the initialisation alone' : 'the same phases and steps without pseudo-labels'}. ${seedsInWords(context)}: an interval on one side of 0 is an effect, one across 0 is none that these seeds can show.`,
    alt: `Differences in points of test accuracy: ${bars.map(({ label, value }) => `${label} ${value.toFixed(2)}`).join(', ')}.`,
  };
}

/** Test accuracy of every arm of these parts, part after part. */
export function armValues(context: Context, parts: readonly Part[]): Figure {
  const bars = parts.flatMap((part) =>
    rolesOf(part)
      .filter((role) => role in trainedRoles || role === 'supervised')
      .flatMap(
        (role): Bar | [] =>
          meanBar(role, valuesOf(context, part, role as TrainedRole, 'test-accuracy'), part.title) ?? [],
      ),
  );
  return {
    kind: 'bars',
    id: 'test-accuracy',
    title: 'Test accuracy of every arm',
    unit: '%',
    bars,
    caption: `Sum rule of the three heads after the last round. ${seedsInWords(context)}. Intervals of single arms overlap easily, because seeds differ; what counts are the differences within a seed.`,
    alt: `Test accuracy: one mark for each of ${bars.length} arms.`,
  };
}
