import { createRng } from '@tensor-papers/numerics/random';
import type { DataSource, JsonValue, SeedContext, SeedOutcome, Series } from '@tensor-papers/workbench';
import type { BanConfig } from './config.js';
import type { ArmMetrics } from './evaluate.js';
import { epochsOf, type PartPictures, runPart } from './run-part.js';
import { drawSplits } from './splits.js';
import { aboutUnlearntTeachers } from './unlearnt-teachers.js';

/** By prefix of the part. */
export type Artifacts = Readonly<Record<string, PartPictures>>;

/** Trains and evaluates every arm of one seed, part after part. */
export async function runSeed(context: SeedContext<BanConfig>): Promise<SeedOutcome> {
  const { seed, config, preset, signal, log, progress } = context;
  const rng = createRng(seed);
  const epochs = config.parts.reduce((sum, part) => sum + epochsOf(part), 0);
  let done = 0;
  const epochDone = (arm: string) => {
    done += 1;
    progress(done / epochs, arm);
  };
  const arms: Record<string, ArmMetrics> = {};
  const series: Series[] = [];
  const notes: string[] = [];
  const unlearntTeachers: number[] = [];
  const artifacts: Record<string, PartPictures> = {};
  const data = new Map<string, DataSource>();
  for (const part of config.parts) {
    // One stream for all parts: parts on the same data compare on the same images.
    const splits = await drawSplits(part, rng.stream('splits'), signal);
    const outcome = await runPart({ part, splits, rng, signal, epochDone });
    for (const [role, metrics] of Object.entries(outcome.metrics)) arms[part.prefix + role] = metrics;
    series.push(...outcome.series);
    notes.push(...outcome.notes);
    unlearntTeachers.push(...outcome.unlearntTeachers);
    artifacts[part.prefix] = outcome.pictures;
    const { id, sha256, licence, citation } = splits.train.source;
    data.set(id, { id, sha256, licence, citation });
  }
  const warning = aboutUnlearntTeachers(unlearntTeachers, preset);
  if (warning !== undefined) log(warning);
  return { arms, series, notes, data: [...data.values()], artifacts: artifacts as unknown as JsonValue };
}
