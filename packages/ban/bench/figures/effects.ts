import { type Figure, meanBar, seedsInWords } from '@tensor-papers/workbench';
import { type Role, rolesOf } from '../arms.js';
import type { Part } from '../config.js';
import { type Context, differences, idOf } from './context.js';

const groups: Readonly<Record<string, readonly Role[]>> = {
  'another teacher': ['teacher-2', 'teacher-3'],
  students: ['ban', 'ban+l', 'cwtm', 'dkpp', 'smoothMax'],
  'later generations': ['ban-2', 'ban-3'],
  ensembles: ['bane-2', 'bane-3', 'teacher+bane-2', 'ensemble-2-teachers', 'ensemble-3-teachers'],
  'other architecture': ['cross/mlp-to-cnn'],
};

/** Every arm of a part against its teacher, seed by seed. */
export function effects(context: Context, part: Part): Figure {
  const roles = rolesOf(part);
  const bars = Object.entries(groups).flatMap(([group, members]) =>
    members
      .filter((role) => roles.includes(role))
      .flatMap((role) => meanBar(role, differences(context, part, role, 'teacher', 'test-accuracy'), group) ?? []),
  );
  const order = [...bars].sort((a, b) => a.value - b.value);
  return {
    kind: 'bars',
    id: idOf('effects', part),
    title: `${part.title}: what each arm gains over its teacher`,
    unit: 'pp of test accuracy',
    reference: 0,
    bars,
    caption: `Difference to the teacher of the same seed, on the same images. ${seedsInWords(context)}: an interval on one side of 0 is an effect, one across 0 is none that these seeds can show. How far another teacher lies from 0 is what a mere change of the seed does.`,
    alt: `Differences to the teacher in points of test accuracy, from ${order[0]?.label} (${order[0]?.value.toFixed(2)}) to ${order.at(-1)?.label} (${order.at(-1)?.value.toFixed(2)}).`,
  };
}
