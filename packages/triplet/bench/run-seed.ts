import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng } from '@tensor-papers/numerics/random';
import type { DataSource, JsonValue, SeedContext, SeedOutcome, Series } from '@tensor-papers/workbench';
import type { TrainedRole } from './arms.js';
import { epochs, type Part, type TripletConfig } from './config.js';
import { type ArmMetrics, type Evaluation, embedPixels, embedWith, evaluate } from './evaluate.js';
import { fieldArms, levelArms } from './field.js';
import { makeNet } from './nets.js';
import { differingNeighbours, type GalleryImage, type ProjectedImage, project } from './pictures.js';
import { type Probe, probe, probeBatches } from './probe.js';
import { drawSplits, type Splits } from './splits.js';
import { type PartRun, stageArms, type TrainedArm, trainArm, trainingSeed } from './train-arm.js';

/** What the figures show of a part, and its split: plain JSON. */
export interface PartPictures {
  /** Names of the classes that choose the learning rate and that test; the others of the data train. */
  readonly classes: { readonly validation: readonly string[]; readonly test: readonly string[] };
  /** One character a query, see `Evaluation`: by role. */
  readonly hits: Readonly<Record<string, string>>;
  /** Triplets after 0, 10, 25, 50 and 100 % of the training, by role. */
  readonly diagrams: Readonly<Record<string, readonly (readonly (readonly [number, number])[])[]>>;
  readonly projections: Readonly<Record<string, readonly ProjectedImage[]>>;
  /** Null where SCT and SHN are not both trained. */
  readonly neighbours: { readonly sct: readonly GalleryImage[]; readonly shn: readonly GalleryImage[] } | null;
}

/** By prefix of the part. */
export type Artifacts = Readonly<Record<string, PartPictures>>;

/** Where triplet diagrams are kept, in twentieths of the training. */
const kept = [0, 2, 5, 10, 20];

/** Roles whose diagrams and projections are shown. */
const shown: readonly TrainedRole[] = ['hn', 'shn', 'sct'];

/** Trains and evaluates every arm of one seed, part after part. */
export async function runSeed(context: SeedContext<TripletConfig>): Promise<SeedOutcome> {
  const { seed, config, signal, log, progress } = context;
  const rng = createRng(seed);
  const all = config.parts.reduce((sum, { trained, learningRates }) => sum + trained.length * learningRates.length, 0);
  let done = 0;
  const epochDone = (arm: string) => {
    done += 1;
    progress(done / (all * epochs), arm);
  };
  const arms: Record<string, ArmMetrics> = { ...levelArms, ...fieldArms() };
  const series: Series[] = [];
  const notes: string[] = [];
  const artifacts: Record<string, PartPictures> = {};
  const data = new Map<string, DataSource>();
  for (const part of config.parts) {
    // One stream for all parts: parts on the same data compare on the same classes.
    const splits = await drawSplits({ part, rng: rng.stream('splits'), signal, log });
    const { id, sha256, licence, citation } = splits.train.source;
    data.set(id, { id, sha256, licence, citation });
    const { metrics, trained, diverged } = await runPart({ part, splits, rng, context, epochDone });
    for (const [role, values] of Object.entries(metrics)) arms[part.prefix + role] = values;
    series.push(...[...trained.values()].flatMap((arm) => arm.series));
    notes.push(splits.note, ...[...trained.values()].map(({ note }) => note));
    notes.push(...diverged.map((role) => `${part.prefix}${role}: diverges at every learning rate`));
    artifacts[part.prefix] = await picturesOf(part, splits, trained, rng.stream('pictures').stream(part.prefix));
  }
  return { arms, series, notes, data: [...data.values()], artifacts: artifacts as unknown as JsonValue };
}

async function runPart(given: Omit<PartRun, 'probeBatches' | 'start'>) {
  const { part, splits, rng, context } = given;
  const batches = probeBatches(part, splits.train, rng.stream(part.prefix));
  const metrics: Record<string, ArmMetrics> = {};
  const { start, evaluation } = await untrained(given, batches);
  metrics.pixels = (await evaluate(embedPixels, splits)).metrics;
  metrics.random = { ...evaluation.metrics, 'mean-cosine': start.meanCosine, 'hard-ratio': start.hardRatio };
  const run: PartRun = { ...given, probeBatches: batches, start };
  const trained = new Map<TrainedRole, TrainedArm>();
  const diverged: TrainedRole[] = [];
  for (const role of part.trained) {
    context.signal.throwIfAborted();
    const arm = await trainArm(run, role);
    metrics[role] = arm?.metrics ?? {};
    if (arm === null) {
      diverged.push(role);
      continue;
    }
    trained.set(role, arm);
    if (role === 'sct') Object.assign(metrics, stageArms(arm.probes));
  }
  return { metrics, trained, diverged };
}

/** The network before training. */
async function untrained(
  { part, splits, rng }: Omit<PartRun, 'probeBatches' | 'start'>,
  batches: readonly Int32Array[],
): Promise<{ readonly start: Probe; readonly evaluation: Evaluation }> {
  const { train } = splits;
  const context = { seed: trainingSeed({ rng, part }), inputShape: train.shape, classes: part.dimensions };
  const model = makeNet(part.net)(context);
  try {
    const embed = embedWith(model);
    return { start: await probe(embed, train, batches), evaluation: await evaluate(embed, splits) };
  } finally {
    model.dispose();
  }
}

async function picturesOf(
  part: Part,
  { test, validation }: Splits,
  trained: ReadonlyMap<TrainedRole, TrainedArm>,
  rng: Parameters<typeof differingNeighbours>[3],
): Promise<PartPictures> {
  const of = (roles: readonly TrainedRole[]) =>
    roles.flatMap((role) => {
      const arm = trained.get(role);
      return arm ? [[role, arm] as const] : [];
    });
  const projections: Record<string, ProjectedImage[]> = {};
  for (const [role, { evaluation }] of of(shown)) projections[role] = await project(test, evaluation.test);
  const [sct, shn] = [trained.get('sct'), trained.get('shn')];
  const neighbours = sct && shn ? await differingNeighbours(test, sct.evaluation, shn.evaluation, rng) : null;
  const namesOf = ({ labels, classNames }: DataSet) => [...new Set(labels)].map((label) => classNames[label]!);
  return {
    classes: { validation: validation ? namesOf(validation) : [], test: namesOf(test) },
    hits: Object.fromEntries(of(part.trained).map(([role, { evaluation }]) => [role, evaluation.hits])),
    diagrams: Object.fromEntries(of(shown).map(([role, { probes }]) => [role, kept.map((i) => probes[i]!.points)])),
    projections,
    neighbours: neighbours && { sct: neighbours.ours, shn: neighbours.other },
  };
}
