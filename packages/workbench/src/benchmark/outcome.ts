import { z } from 'zod';
import { BenchmarkContractError } from '../errors.js';
import { axisSchema } from '../figures/block.js';
import { describeIssues } from '../issues.js';
import { type JsonValue, jsonSchema } from '../json.js';
import { unknownName } from '../nearest-name.js';

export const seriesSchema = z.strictObject({
  name: z.string().min(1),
  arm: z.string().optional(),
  x: axisSchema,
  y: axisSchema,
  points: z.array(z.tuple([z.number(), z.number().nullable()])).describe('[x, y]; null where nothing was measured'),
});

/** A curve of one seed, such as accuracy over epochs. */
export type Series = z.infer<typeof seriesSchema>;

export const dataSourceSchema = z.strictObject({
  id: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha256 as 64 hex digits'),
  licence: z.string().optional(),
  citation: z.string().optional(),
});

/** A data set that a run used. */
export type DataSource = z.infer<typeof dataSourceSchema>;

export const outcomeSchema = z.strictObject({
  arms: z.record(z.string(), z.record(z.string(), z.number().nullable())),
  series: z.array(seriesSchema).optional(),
  data: z.array(dataSourceSchema),
  artifacts: jsonSchema.optional(),
  notes: z.array(z.string()).optional(),
});

/**
 * What one seed measured: `arms[arm][metric]` with null where nothing could be measured; what the figures need besides (`series`,
 * `artifacts`: anything JSON can hold); the data that was used; remarks for the reader of the result.
 */
export interface SeedOutcome {
  arms: Record<string, Record<string, number | null>>;
  series?: Series[];
  data: DataSource[];
  artifacts?: JsonValue;
  notes?: string[];
}

/** JSON has no NaN and no infinity: they become null, and a note says so. */
function withoutNonFinite(value: unknown): { value: unknown; notes: string[] } {
  if (typeof value !== 'object' || value === null) return { value, notes: [] };
  const outcome = { ...value } as { arms?: unknown; series?: unknown };
  const notes: string[] = [];
  const finite = (number: unknown, where: string) => {
    if (typeof number !== 'number' || Number.isFinite(number)) return number;
    notes.push(`${where} is ${number}; kept as null`);
    return null;
  };
  if (typeof outcome.arms === 'object' && outcome.arms !== null) {
    outcome.arms = mapValues(outcome.arms, (metrics, arm) =>
      typeof metrics === 'object' && metrics !== null
        ? mapValues(metrics, (number, metric) => finite(number, `${metric} of arm ${arm}`))
        : metrics,
    );
  }
  if (Array.isArray(outcome.series)) {
    outcome.series = outcome.series.map((series: Partial<Series>) => ({
      ...series,
      points: Array.isArray(series?.points)
        ? series.points.map((point) =>
            Array.isArray(point) ? [point[0], finite(point[1], `${series.name} at ${point[0]}`)] : point,
          )
        : series?.points,
    }));
  }
  return { value: outcome, notes };
}

const mapValues = (fields: object, change: (value: unknown, key: string) => unknown) =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(value, key)]));

/**
 * Checks what `runSeed` returned and brings it into a form that JSON can hold.
 *
 * @param arms the arms that the benchmark declares
 * @throws BenchmarkContractError naming the field
 */
export function checkOutcome(value: unknown, arms: readonly string[]): SeedOutcome {
  const finite = withoutNonFinite(value);
  const parsed = outcomeSchema.safeParse(finite.value);
  if (!parsed.success) {
    throw new BenchmarkContractError(`runSeed returned what is no outcome: ${describeIssues(parsed.error)}`);
  }
  for (const arm of Object.keys(parsed.data.arms)) {
    if (!arms.includes(arm)) {
      throw new BenchmarkContractError(`runSeed returned an ${unknownName('arm', arm, arms)}; declare it in \`arms\``);
    }
  }
  const outcome = parsed.data as SeedOutcome;
  return finite.notes.length === 0 ? outcome : { ...outcome, notes: [...(outcome.notes ?? []), ...finite.notes] };
}
