import { tInterval } from '@tensor-papers/numerics/statistics';
import { z } from 'zod';
import { blockFields } from './block.js';

export const barsSchema = z.object({
  kind: z.literal('bars'),
  ...blockFields,
  unit: z.string(),
  reference: z
    .number()
    .optional()
    .describe('A value that the others are to be compared with, drawn as a line: 0 for differences'),
  bars: z.array(
    z.object({
      label: z.string(),
      value: z.number(),
      low: z.number().optional(),
      high: z.number().optional(),
      group: z.string().optional(),
    }),
  ),
});

/** Values with labels, with an interval where there are several seeds. */
export type BarsFigure = z.infer<typeof barsSchema>;

/** One bar of a bars figure. */
export type Bar = BarsFigure['bars'][number];

/** The mean over seeds as a bar, from three seeds on with its 95 % t interval (of two it says nothing); undefined where nothing was measured. */
export function meanBar(
  label: string,
  values: readonly (number | null | undefined)[],
  group?: string,
): Bar | undefined {
  const known = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  if (known.length === 0) return undefined;
  const place = group === undefined ? { label } : { label, group };
  if (known.length < 3) return { ...place, value: known.reduce((sum, value) => sum + value, 0) / known.length };
  const { mean, low, high } = tInterval(known);
  return { ...place, value: mean, low, high };
}
