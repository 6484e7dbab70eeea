import type { FigureContext } from '@tensor-papers/workbench';
import type { Role } from '../arms.js';
import type { BanConfig, Part } from '../config.js';
import type { PartPictures } from '../run-part.js';
import type { Artifacts } from '../run-seed.js';

export type Context = FigureContext<BanConfig>;

/** How the values of several seeds are summed up, for captions. */
export function seedsInWords({ seeds }: Context): string {
  if (seeds.length === 1) return 'One seed';
  return `Mean of ${seeds.length} seeds${seeds.length > 2 ? ' with 95 % t intervals' : ''}`;
}

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
  const controls = valuesOf(context, part, control, metric);
  return valuesOf(context, part, role, metric).map((value, seed) => {
    const other = controls[seed];
    return value === null || other === null || other === undefined ? null : value - other;
  });
}

/** The pictures of a part, one of each seed. */
export const picturesOf = ({ seeds }: Context, part: Part): { seed: number; pictures: PartPictures }[] =>
  seeds.map(({ seed, outcome }) => ({ seed, pictures: (outcome.artifacts as unknown as Artifacts)[part.prefix]! }));

/** The part's place in the address of a figure: `effects` of the main part, `effects-digits-short` of another. */
export const idOf = (name: string, { prefix }: Part) =>
  [name, ...prefix.split('/').filter((word) => word !== '')].join('-').toLowerCase();
