import { type CurveSeries, differencesBySeed, type FigureContext, meanSeries } from '@tensor-papers/workbench';
import type { Role } from '../arms.js';
import type { Part, TriNetConfig } from '../config.js';
import type { PartPictures } from '../run-part.js';
import type { Artifacts } from '../run-seed.js';

export type Context = FigureContext<TriNetConfig>;

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

/** Points of a series of an arm in one seed. */
export const pointsOf = ({ seeds }: Context, seed: number, part: Part, role: Role, name: string) =>
  seeds[seed]!.outcome.series?.find((each) => each.name === name && each.arm === part.prefix + role)?.points ?? [];

/** A series of an arm, summed up over seeds. */
export const lineOf = (context: Context, part: Part, role: Role, name: string, label: string = role): CurveSeries =>
  meanSeries(
    label,
    context.seeds.map((_, seed) => pointsOf(context, seed, part, role, name)),
  );

/** The pictures of a part, of the first seed. */
export function picturesOf({ seeds }: Context, part: Part): { seed: number; pictures: PartPictures } {
  const { seed, outcome } = seeds[0]!;
  return { seed, pictures: (outcome.artifacts as unknown as Artifacts)[part.prefix]! };
}

/** The part's place in the address of a figure: `effects` of the main part, `effects-digits` of another. */
export const idOf = (name: string, { prefix }: Part) =>
  [name, ...prefix.split('/').filter((word) => word !== '')].join('-').toLowerCase().replaceAll('.', '-');
