import { differencesBySeed, type FigureContext } from '@tensor-papers/workbench';
import type { Part, TripletConfig } from '../config.js';
import type { Artifacts, PartPictures } from '../run-seed.js';

export type Context = FigureContext<TripletConfig>;

/** Values of an arm, one a seed; empty where it was not measured. */
export const valuesOf = (context: Context, part: Part, role: string, metric: string): readonly (number | null)[] =>
  context.arms[part.prefix + role]?.[metric] ?? [];

/** Differences of two arms seed by seed. */
export function differences(
  context: Context,
  part: Part,
  role: string,
  control: string,
  metric: string,
): (number | null)[] {
  return differencesBySeed(valuesOf(context, part, role, metric), valuesOf(context, part, control, metric));
}

/** Points of a series of an arm in one seed. */
export const pointsOf = ({ seeds }: Context, seed: number, part: Part, role: string, name: string) =>
  seeds[seed]!.outcome.series?.find((each) => each.name === name && each.arm === part.prefix + role)?.points ?? [];

/** The pictures of a part in every seed. */
export const picturesOf = ({ seeds }: Context, part: Part): { seed: number; pictures: PartPictures }[] =>
  seeds.map(({ seed, outcome }) => ({
    seed,
    pictures: (outcome.artifacts as unknown as Artifacts)[part.prefix]!,
  }));

/** The part's place in the address of a figure: `recall` of the main part, `recall-clothes` of another. */
export const idOf = (name: string, { prefix }: Part) =>
  [name, ...prefix.split('/').filter((word) => word !== '')].join('-').toLowerCase().replaceAll('.', '-');
