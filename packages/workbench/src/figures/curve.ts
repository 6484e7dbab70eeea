import { tInterval } from '@tensor-papers/numerics/statistics';
import { z } from 'zod';
import { axisSchema, blockFields } from './block.js';

export const curveSchema = z.object({
  kind: z.literal('curve'),
  ...blockFields,
  x: axisSchema,
  y: axisSchema,
  series: z.array(
    z.object({
      name: z.string(),
      reference: z
        .boolean()
        .optional()
        .describe(
          'What the other lines are to be compared with, such as a diagonal or chance: drawn dashed, without marks',
        ),
      points: z.array(
        z.object({
          x: z.number(),
          y: z.number().nullable().describe('null where nothing was measured'),
          low: z.number().optional(),
          high: z.number().optional(),
        }),
      ),
    }),
  ),
});

/** Lines over a common x axis, each with a band where there is a spread. */
export type CurveFigure = z.infer<typeof curveSchema>;

/** One line of a curve figure. */
export type CurveSeries = CurveFigure['series'][number];

/** Points of one seed: `[x, y]`. */
export type SeedPoints = readonly (readonly [x: number, y: number | null])[];

/**
 * One line out of the same line of several seeds: the mean at every x, and from three seeds on its 95 % t interval as a band (of two it says nothing).
 *
 * @param perSeed the points of each seed; seeds may have points at different x
 */
export function meanSeries(name: string, perSeed: readonly SeedPoints[]): CurveSeries {
  const valuesAt = new Map<number, number[]>();
  for (const points of perSeed) {
    for (const [x, y] of points) {
      const values = valuesAt.get(x) ?? [];
      valuesAt.set(x, values);
      if (y !== null && Number.isFinite(y)) values.push(y);
    }
  }
  const points = [...valuesAt].sort(([a], [b]) => a - b).map(([x, values]) => ({ x, ...summary(values) }));
  return { name, points };
}

function summary(values: readonly number[]): { y: number | null; low?: number; high?: number } {
  if (values.length === 0) return { y: null };
  if (values.length < 3) return { y: values.reduce((sum, value) => sum + value, 0) / values.length };
  const { mean, low, high } = tInterval(values);
  return { y: mean, low, high };
}
