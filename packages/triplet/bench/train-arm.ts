import type { Rng } from '@tensor-papers/numerics/random';
import { multiStep, sgd, TrainingDivergedError } from '@tensor-papers/tensor-core/train';
import type { SeedContext, Series } from '@tensor-papers/workbench';
import { classBalancedBatches, NonFiniteError, trainEmbedding } from '../src/index.js';
import { stages, type TrainedRole } from './arms.js';
import { epochs, type Part } from './config.js';
import { type ArmMetrics, type Evaluation, embedWith, evaluate } from './evaluate.js';
import { batchesOf, lossOf } from './losses.js';
import { makeNet } from './nets.js';
import { type Probe, probe } from './probe.js';
import type { Splits } from './splits.js';

export interface PartRun {
  readonly part: Part;
  readonly splits: Splits;
  /** Of the seed. */
  readonly rng: Rng;
  readonly context: Pick<SeedContext<unknown>, 'signal' | 'log'>;
  /** Training batches that every arm is looked at on. */
  readonly probeBatches: readonly Int32Array[];
  /** Before training. */
  readonly start: Probe;
  /** After every twentieth of a training. */
  readonly epochDone: (arm: string) => void;
}

/** A trained arm and what is known of it. */
export interface TrainedArm {
  readonly evaluation: Evaluation;
  readonly metrics: ArmMetrics;
  /** After 0, 5, 10 … 100 % of the training. */
  readonly probes: readonly Probe[];
  readonly series: readonly Series[];
  readonly note: string;
}

/** One seed for all arms of a part: they start from the same weights. */
export const trainingSeed = ({ rng, part }: Pick<PartRun, 'rng' | 'part'>) =>
  rng.stream('training').stream(part.prefix).seed();

/** Trains an arm at every learning rate and measures the one that validation chooses; null where it diverges at all of them. */
export async function trainArm(run: PartRun, role: TrainedRole): Promise<TrainedArm | null> {
  const { part, splits, context, probeBatches, start, epochDone } = run;
  const { train, validation } = splits;
  const loss = lossOf(role);
  const probes = new Map<number, Probe[]>();
  const losses = new Map<number, number[]>();
  const training = trainEmbedding({
    ...{ makeModel: makeNet(part.net), dimensions: part.dimensions, data: train, epochs },
    ...(validation ? { validation } : {}),
    seed: trainingSeed(run),
    learningRates: part.learningRates,
    optimizer: (learningRate) => sgd({ learningRate }),
    schedule: (learningRate) => multiStep({ learningRate, milestones: [epochs / 2], factor: 0.1 }),
    ...(part.augment.length > 0 ? { augment: part.augment } : {}),
    loss: (embeddings, labels) => loss(embeddings, labels),
    sampler: (labels, at) => classBalancedBatches(labels, { ...batchesOf(role, part), ...at }),
    diagramEvery: 0,
    signal: context.signal,
    on: {
      trialStart: ({ learningRate }) => {
        probes.set(learningRate, [start]);
        losses.set(learningRate, []);
      },
      step: ({ learningRate, log }) => void losses.get(learningRate)!.push(log.loss),
      epoch: async ({ learningRate, model }) => {
        probes.get(learningRate)!.push(await probe(embedWith(model), train, probeBatches));
        epochDone(part.prefix + role);
      },
    },
  });
  const trained = await training.catch(nullIfDiverged);
  if (trained === null) return null;
  try {
    if (trained.aborted) context.signal.throwIfAborted();
    const rate = trained.learningRate!;
    const evaluation = await evaluate(embedWith(trained.model), splits);
    const ofRate = { probes: probes.get(rate)!, losses: losses.get(rate)! };
    const last = ofRate.probes.at(-1)!;
    const chosen = trained.trials.find(({ learningRate }) => learningRate === rate)!;
    return {
      evaluation,
      probes: ofRate.probes,
      metrics: {
        ...evaluation.metrics,
        'mean-cosine': last.meanCosine,
        'hard-ratio': last.hardRatio,
        'final-loss': mean(ofRate.losses.slice(-Math.max(1, Math.floor(ofRate.losses.length / 10)))),
        'validation-r1': chosen.validation && 100 * chosen.validation.hitAt[0]!,
        'learning-rate': rate,
      },
      series: seriesOf(part.prefix + role, ofRate.probes, chosen.epochs),
      note: noteOf(part.prefix + role, rate, trained.trials),
    };
  } finally {
    trained.dispose();
  }
}

/** Divergence is a result of an arm, and no reason to end the others. */
function nullIfDiverged(error: unknown): null {
  if (error instanceof NonFiniteError || error instanceof TrainingDivergedError) return null;
  throw error;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const noteOf = (arm: string, rate: number, trials: Awaited<ReturnType<typeof trainEmbedding>>['trials']) =>
  trials.length === 1
    ? `${arm}: learning rate ${rate}`
    : `${arm}: learning rate ${rate} chosen on validation classes, R@1 ${trials
        .map(({ learningRate, validation }) =>
          validation ? `${(100 * validation.hitAt[0]!).toFixed(1)} % at ${learningRate}` : `none at ${learningRate}`,
        )
        .join(', ')}`;

/** Where a probe stands, in percent of the training. */
export const percentOf = (place: number) => (100 * place) / epochs;

/** The arms that show how the share of hard triplets changes. */
export function stageArms(probes: readonly Probe[]): Record<string, ArmMetrics> {
  return Object.fromEntries(
    stages.map((stage) => {
      const { hardRatio, meanCosine } = probes[(stage * epochs) / 100]!;
      return [`sct@${stage}`, { 'hard-ratio': hardRatio, 'mean-cosine': meanCosine }];
    }),
  );
}

/** What is drawn over the training. */
function seriesOf(arm: string, probes: readonly Probe[], trained: readonly { readonly loss: number }[]): Series[] {
  const line = (name: string, label: string, points: (readonly [number, number])[]): Series => ({
    ...{ name, arm, x: { label: 'training', unit: '%' }, y: { label } },
    points: points.map(([x, y]) => [x, y]),
  });
  return [
    line(
      'hard-ratio',
      'share of hard triplets',
      probes.map(({ hardRatio }, i) => [percentOf(i), hardRatio]),
    ),
    line(
      'mean-cosine',
      'mean cosine of two images',
      probes.map(({ meanCosine }, i) => [percentOf(i), meanCosine]),
    ),
    line(
      'loss',
      'loss',
      trained.map(({ loss }, i) => [percentOf(i + 1), loss]),
    ),
  ];
}
