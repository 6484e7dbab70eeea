import { createRng } from '@tensor-papers/numerics/random';
import type { DataSource, JsonValue, SeedContext, SeedOutcome, Series } from '@tensor-papers/workbench';
import type { TriNetConfig } from './config.js';
import { type ArmMetrics, type PartPictures, roundsOf, runPart } from './run-part.js';
import { drawSplits } from './splits.js';

/** By prefix of the part. */
export type Artifacts = Readonly<Record<string, PartPictures>>;

/** Trains and evaluates every arm of one seed, part after part. */
export async function runSeed(context: SeedContext<TriNetConfig>): Promise<SeedOutcome> {
  const { seed, config, signal, progress } = context;
  const rng = createRng(seed);
  const rounds = config.parts.reduce((sum, part) => sum + roundsOf(part), 0);
  let done = 0;
  const roundDone = (arm: string) => {
    done += 1;
    progress(done / rounds, arm);
  };
  const arms: Record<string, ArmMetrics> = {};
  const series: Series[] = [];
  const notes: string[] = [];
  const artifacts: Record<string, PartPictures> = {};
  const data = new Map<string, DataSource>();
  for (const part of config.parts) {
    // One stream for all parts: parts on the same data compare on the same images.
    const splits = await drawSplits(part, rng.stream('splits'), signal);
    const outcome = await runPart({ part, splits, rng, context, roundDone });
    for (const [role, metrics] of Object.entries(outcome.metrics)) arms[part.prefix + role] = metrics;
    series.push(...outcome.series);
    notes.push(...outcome.notes);
    artifacts[part.prefix] = outcome.pictures;
    const { id, sha256, licence, citation } = splits.labeled.source;
    data.set(id, { id, sha256, licence, citation });
  }
  return { arms, series, notes, data: [...data.values()], artifacts: artifacts as unknown as JsonValue };
}
