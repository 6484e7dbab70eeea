import { differencesBySeed, type FigureContext } from '@tensor-papers/workbench';
import type { Role } from '../arms.js';
import type { BanConfig, Part } from '../config.js';
import type { PartPictures } from '../run-part.js';
import type { Artifacts } from '../run-seed.js';

export type Context = FigureContext<BanConfig>;

/** Values of an arm, one a seed; empty where it was not measured. */
export const valuesOf = (context: Context, part: Part, role: Role, metric: string): readonly (number | null)[] =>
  context.arms[part.prefix + role]?.[metric] ?? [];

/** Differences of two arms seed by seed. */
export function differences(
  context: Context,
  part: Part,
  role: Role,
  control: Role,
  metric: string,
): (number | null)[] {
  return differencesBySeed(valuesOf(context, part, role, metric), valuesOf(context, part, control, metric));
}

/** The pictures of a part, one of each seed. */
export const picturesOf = ({ seeds }: Context, part: Part): { seed: number; pictures: PartPictures }[] =>
  seeds.map(({ seed, outcome }) => ({ seed, pictures: (outcome.artifacts as unknown as Artifacts)[part.prefix]! }));

/** The part's place in the address of a figure: `effects` of the main part, `effects-digits-short` of another. */
export const idOf = (name: string, { prefix }: Part) =>
  [name, ...prefix.split('/').filter((word) => word !== '')].join('-').toLowerCase();
