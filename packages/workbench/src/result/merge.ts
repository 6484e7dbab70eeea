import type { BenchmarkDefinition, EngineInfo } from '../benchmark/define.js';
import type { DataSource, SeedOutcome } from '../benchmark/outcome.js';
import type { PresetName } from '../benchmark/presets.js';
import type { Claim } from '../claims/claim.js';
import { judge } from '../claims/verdict.js';
import { BenchmarkContractError, MergeError } from '../errors.js';
import { type Figure, figureSchema } from '../figures/figure.js';
import { describeIssues } from '../issues.js';
import type { Result, Surroundings } from './schema.js';

/** What one seed measured. */
export interface FinishedSeed {
  readonly seed: number;
  readonly outcome: SeedOutcome;
}

/** What the seeds of a run have in common, and how it went. */
export interface RunDescription {
  readonly preset: PresetName;
  readonly config: unknown;
  readonly engine: EngineInfo;
  readonly claims: readonly Claim[];
  readonly source: Result['source'];
  /** Repeats the run; undefined where no one command does. */
  readonly command?: string;
  readonly wallSeconds: number;
  readonly peakRssBytes: number;
  readonly partial: boolean;
  readonly surroundings: Surroundings;
  /** Remarks besides those of the seeds. */
  readonly notes?: readonly string[];
}

/**
 * Values of all seeds side by side, in the order of `seeds`; null where a seed has no such arm or metric.
 *
 * @param order arms that come first, in this order
 */
export function mergeArms(
  seeds: readonly FinishedSeed[],
  order: readonly string[] = [],
): Record<string, Record<string, (number | null)[]>> {
  const reported = new Set(seeds.flatMap(({ outcome }) => Object.keys(outcome.arms)));
  const names = [...order.filter((arm) => reported.has(arm)), ...[...reported].filter((arm) => !order.includes(arm))];
  return Object.fromEntries(
    names.map((arm) => {
      const metrics = new Set(seeds.flatMap(({ outcome }) => Object.keys(outcome.arms[arm] ?? {})));
      const values = (metric: string) => seeds.map(({ outcome }) => outcome.arms[arm]?.[metric] ?? null);
      return [arm, Object.fromEntries([...metrics].map((metric) => [metric, values(metric)]))];
    }),
  );
}

/**
 * The data sets of all seeds.
 *
 * @param where names a seed in messages
 * @throws MergeError when two seeds used different contents under one id
 */
export function mergeData<Seed extends FinishedSeed>(
  seeds: readonly Seed[],
  where: (seed: Seed) => string = ({ seed }) => `seed ${seed}`,
): DataSource[] {
  const known = new Map<string, { seed: Seed; source: DataSource }>();
  for (const seed of seeds) {
    for (const source of seed.outcome.data) {
      const first = known.get(source.id);
      if (first && first.source.sha256 !== source.sha256) {
        throw new MergeError(
          `data set ${source.id} differs: sha256 ${first.source.sha256} in ${where(first.seed)}, ${source.sha256} in ` +
            `${where(seed)}; run all seeds on the same data`,
        );
      }
      if (!first) known.set(source.id, { seed, source });
    }
  }
  return [...known.values()].map(({ source }) => source);
}

/** Remarks once each; one that not every seed makes carries the seeds that do. */
function mergeNotes(seeds: readonly FinishedSeed[]): string[] {
  const noted = new Map<string, number[]>();
  for (const { seed, outcome } of seeds) {
    for (const note of new Set(outcome.notes)) noted.set(note, [...(noted.get(note) ?? []), seed]);
  }
  return [...noted].map(([note, by]) =>
    by.length === seeds.length ? note : `seed${by.length > 1 ? 's' : ''} ${by.join(', ')}: ${note}`,
  );
}

function drawFigures<Config>(
  benchmark: BenchmarkDefinition<Config>,
  context: Parameters<BenchmarkDefinition<Config>['figures']>[0],
): Figure[] {
  const parsed = figureSchema.array().safeParse(benchmark.figures(context));
  if (parsed.success) return parsed.data;
  throw new BenchmarkContractError(
    `${benchmark.paper}: figures returned what is no figure: ${describeIssues(parsed.error)}`,
  );
}

/**
 * One result out of the outcomes of its seeds: values side by side, claims judged, figures drawn.
 *
 * @throws MergeError when the seeds' data differ; BenchmarkContractError when the figures are none
 */
export function mergeSeeds<Config>(
  benchmark: BenchmarkDefinition<Config>,
  finished: readonly FinishedSeed[],
  run: RunDescription,
): Result {
  const seeds = [...finished].sort((a, b) => a.seed - b.seed);
  const numbers = seeds.map(({ seed }) => seed);
  const { preset, partial, engine } = run;
  const arms = mergeArms(seeds, Object.keys(benchmark.arms));
  const claims = run.claims.map((claim) => judge(claim, arms, { seeds: numbers, preset, partial }));
  const data = mergeData(seeds);
  const config = run.config as Config;
  const figures = seeds.length === 0 ? [] : drawFigures(benchmark, { seeds, arms, config, preset, claims });
  const notes = [...mergeNotes(seeds), ...(run.notes ?? [])];
  return {
    schema: 1,
    paper: benchmark.paper,
    preset,
    engine: { ...engine },
    ...run.surroundings,
    ...(run.command !== undefined && { command: run.command }),
    seeds: numbers,
    armInfo: Object.fromEntries(Object.entries(benchmark.arms).filter(([arm]) => arm in arms)),
    arms,
    claims,
    data,
    config: config as Result['config'],
    series: seeds.flatMap(({ seed, outcome }) => (outcome.series ?? []).map((series) => ({ seed, ...series }))),
    figures,
    ...(notes.length > 0 && { notes }),
    wallSeconds: run.wallSeconds,
    peakRssBytes: run.peakRssBytes,
    source: run.source,
    partial,
  };
}
