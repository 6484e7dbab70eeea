import { createRng, type Rng } from '@tensor-papers/numerics/random';
import { tensorOperations } from '@tensor-papers/tensor-core/linalg';
import { type JsonValue, pngDataUri, type SeedContext, type SeedOutcome } from '@tensor-papers/workbench';
import { evaluate, type FitOptions, type Hasher, takeCodes } from '../src/index.js';
import { FlatIndex } from '../src/search/flat-index.js';
import { labelArm } from './arms.js';
import type { HashingConfig } from './config.js';
import { methods } from './methods.js';
import { neighborArms } from './neighbor-arms.js';
import { exactSearchArms } from './search-arms.js';
import { drawSplits, type Splits, type Vectors } from './splits.js';

type Metrics = Record<string, Record<string, number | null>>;

/** One query with what was found, for the gallery. */
export interface Retrieval {
  readonly query: string;
  readonly label: string;
  readonly found: readonly { readonly image: string; readonly label: string; readonly distance: number }[];
}

/** What the figures need besides the metrics: plain JSON. */
export interface Artifacts {
  /** By arm: mean precision and recall within every radius. */
  readonly byRadius: Readonly<Record<string, { readonly precision: number[]; readonly recall: number[] }>>;
  readonly retrievals: readonly Retrieval[];
}

/** Learns, codes and searches with every method for one seed. */
export async function runSeed(context: SeedContext<HashingConfig>): Promise<SeedOutcome> {
  const { seed, config, signal, progress } = context;
  const rng = createRng(seed);
  const splits = await drawSplits(config, rng, signal);
  const learning: FitOptions = {
    seed: rng.stream('methods').seed(),
    labels: splits.database.labels,
    operations: tensorOperations(),
    signal,
  };
  const arms: Metrics = {};
  const byRadius: Record<string, { precision: number[]; recall: number[] }> = {};
  const notes = new Set<string>();
  let retrievals: readonly Retrieval[] = [];
  const steps = Object.keys(methods).length * config.bits.length + 2;
  let done = 0;
  const step = (label: string) => {
    done += 1;
    progress(done / steps, label);
  };

  for (const [name, method] of Object.entries(methods)) {
    for (const bits of config.bits) {
      signal.throwIfAborted();
      const arm = labelArm(name, bits);
      const hasher = method.make(bits, config);
      const { labels: _, ...unlabelled } = learning;
      const { warnings } = await hasher.fit(splits.database.vectors, method.supervised ? learning : unlabelled);
      for (const warning of warnings) notes.add(`${arm}: ${warning}`);
      const measured = await labelMetrics(hasher, splits, learning);
      arms[arm] = measured.metrics;
      byRadius[arm] = measured.byRadius;
      if (name === 'itq' && bits === config.bits.at(-1)) {
        retrievals = await retrieved(hasher, splits, rng.stream('gallery'), learning);
      }
      step(arm);
    }
  }
  Object.assign(arms, await neighborArms(config, splits, learning));
  step('Euclidean neighbours');
  Object.assign(arms, await exactSearchArms(config, splits, learning));
  step('exact search');
  const { id, sha256, licence, citation } = splits.source;
  const artifacts: Artifacts = { byRadius, retrievals };
  return {
    arms,
    data: [{ id, sha256, licence, citation }],
    notes: [...notes],
    artifacts: artifacts as unknown as JsonValue,
  };
}

async function labelMetrics(hasher: Hasher, { queries, database }: Splits, { operations, signal }: FitOptions) {
  const encoding = { ...(operations && { operations }), ...(signal && { signal }) };
  const result = evaluate({
    queryCodes: await hasher.encode(queries.vectors, encoding),
    dbCodes: await hasher.encode(database.vectors, encoding),
    relevance: { queryLabels: queries.labels, databaseLabels: database.labels },
  });
  const percent = (share: number) => 100 * share;
  return {
    metrics: {
      map: percent(result.meanAveragePrecision),
      'precision-radius-2': percent(result.precisionWithinRadius),
      'empty-balls': percent(result.emptyBalls),
    },
    byRadius: {
      precision: Array.from(result.precisionByRadius, percent),
      recall: Array.from(result.recallByRadius, percent),
    },
  };
}

const shown = { queries: 6, neighbors: 10 };

async function retrieved(
  hasher: Hasher,
  { queries, database }: Splits,
  rng: Rng,
  { operations }: FitOptions,
): Promise<Retrieval[]> {
  const encoding = { ...(operations && { operations }) };
  const index = new FlatIndex({ bits: hasher.bits });
  index.add(await hasher.encode(database.vectors, encoding));
  const chosen = Array.from(rng.permutation(queries.labels.length)).slice(0, shown.queries);
  const codes = takeCodes(await hasher.encode(queries.vectors, encoding), chosen);
  const { ids, distances } = index.search(codes, shown.neighbors);
  return chosen.map((query, q) => ({
    query: picture(queries, query),
    label: nameOf(queries, query),
    found: Array.from({ length: shown.neighbors }, (_, i) => q * shown.neighbors + i)
      .filter((at) => distances[at]! >= 0)
      .map((at) => ({
        image: picture(database, ids[at]!),
        label: nameOf(database, ids[at]!),
        distance: distances[at]!,
      })),
  }));
}

const nameOf = ({ images, labels }: Vectors, index: number) => images.classNames[labels[index]!]!;

function picture({ images }: Vectors, index: number): string {
  const pixels = images.images([index]);
  if (pixels instanceof Promise) throw new TypeError('expected a data set in memory');
  const [height, width, channels] = images.shape;
  return pngDataUri(pixels, width, height, channels);
}
