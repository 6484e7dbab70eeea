import type { Rng } from '@tensor-papers/numerics/random';
import type { SeedContext, Series } from '@tensor-papers/workbench';
import {
  type EditedPseudoLabels,
  type RoundReport,
  type TriNet,
  type TriNetOptions,
  trainTriNet,
} from '../src/index.js';
import type { TrainedRole } from './arms.js';
import type { Part, Threshold } from './config.js';
import { GalleryCollector, type GalleryItem } from './gallery.js';
import { makeModules, makeOptimizer } from './nets.js';
import type { Splits } from './splits.js';

/** What an arm reports. Percentages are 0 … 100. */
export type ArmMetrics = Record<string, number | null>;

/** Pictures of a part, for the figures: plain JSON. */
export interface PartPictures {
  readonly gallery: GalleryItem[];
}

/** What a part of one seed measured. */
export interface PartOutcome {
  readonly metrics: Readonly<Record<string, ArmMetrics>>;
  readonly series: readonly Series[];
  readonly pictures: PartPictures;
  readonly notes: readonly string[];
}

export interface PartRun {
  readonly part: Part;
  readonly splits: Splits;
  /** Of the seed. */
  readonly rng: Rng;
  readonly context: Pick<SeedContext<unknown>, 'signal' | 'log'>;
  /** After every round. */
  readonly roundDone: (arm: string) => void;
}

/** How many rounds a part trains in all, the initialisation counted as one. */
export const roundsOf = ({ trained, thresholds, rounds }: Part) =>
  (trained.length + (trained.includes('trinet') ? thresholds.length - 1 : 0)) * (rounds + 1);

/** What sets an arm apart from Tri-net. */
function roleOptions(role: TrainedRole, { trueLabels }: Splits): Partial<TriNetOptions> {
  switch (role) {
    case 'trinet':
    case 'identical-heads':
      return {};
    case 'supervised-extra':
      return { desPasses: 0, revise: nothing };
    case 'self-training':
      return { labelers: 'self' };
    case 'no-diversity':
      return { std: 0, fineTune: false };
    case 'no-smearing':
      return { std: 0 };
    case 'no-fine-tuning':
      return { fineTune: false };
    case 'no-des':
      return { desPasses: 0 };
    case 'oracle':
      return { revise: (labels) => ({ ...labels, labels: labels.indices.map((index) => trueLabels[index]!) }) };
  }
}

const nothing = (): EditedPseudoLabels => ({
  ...{ indices: new Int32Array(0), labels: new Int32Array(0), confidence: new Float32Array(0) },
  mismatches: new Int32Array(0),
});

/** Trains and evaluates every arm of a part for one seed. */
export async function runPart(run: PartRun): Promise<PartOutcome> {
  const { part, splits } = run;
  const metrics: Record<string, ArmMetrics> = {};
  const series: Series[] = [];
  const notes: string[] = [];
  let threshold = part.thresholds[0];
  let pictures: PartPictures = { gallery: [] };
  if (part.trained.includes('trinet')) {
    const best = await bestTriNet(run);
    threshold = best.threshold;
    if (part.thresholds.length > 1) notes.push(chosen(part, best));
    Object.assign(metrics, { trinet: best.metrics }, measuredOnTheWay(best), {
      'trinet/smeared-start': { disagreement: best.smearedDisagreement },
    });
    series.push(...seriesOf(part, 'trinet', best.history));
    pictures = { gallery: best.gallery.items(splits.unlabeled) };
  }
  for (const role of part.trained.filter((each) => each !== 'trinet')) {
    const trained = await train(run, role, threshold);
    metrics[role] = trained.metrics;
    if (role === 'no-diversity' || role === 'no-smearing') {
      metrics['trinet/plain-start'] = { disagreement: percent(trained.history[0]!.disagreement) };
    }
    series.push(...seriesOf(part, role, trained.history));
  }
  return { metrics, series, pictures, notes };
}

/** A trained arm and what is known of it. */
interface TrainedArm {
  readonly threshold: Threshold;
  readonly metrics: ArmMetrics;
  readonly history: readonly RoundReport[];
  readonly gallery: GalleryCollector;
  /** Of the heads after initialisation. */
  readonly initialAccuracy: number;
  /** Of the sum rule at the end, on validation images. */
  readonly validationAccuracy: number;
}

/** Tri-net with the threshold that is best on validation images, and how the heads differ at the start of the first one. */
async function bestTriNet(run: PartRun): Promise<TrainedArm & { readonly smearedDisagreement: number | null }> {
  const [first, ...others] = run.part.thresholds;
  let best = await train(run, 'trinet', first);
  const smearedDisagreement = percent(best.history[0]!.disagreement);
  for (const threshold of others) {
    const trained = await train(run, 'trinet', threshold);
    if (trained.validationAccuracy > best.validationAccuracy) best = trained;
  }
  return { ...best, smearedDisagreement };
}

const chosen = ({ prefix }: Part, { threshold, validationAccuracy }: TrainedArm) =>
  `${prefix}trinet: σ_0 = ${threshold.sigma0}, σ_os = ${threshold.sigmaOs}, std = ${threshold.std} chosen on validation images (${(100 * validationAccuracy).toFixed(1)} %)`;

async function train(run: PartRun, role: TrainedRole, threshold: Threshold): Promise<TrainedArm> {
  const { part, splits, rng, context, roundDone } = run;
  const { labeled, unlabeled, trueLabels, validation } = splits;
  const gallery = new GalleryCollector(trueLabels);
  const tested = new Map<number, { readonly sumRule: number; readonly heads: number }>();
  const options: TriNetOptions = {
    ...makeModules(part.net, role === 'identical-heads'),
    ...{ labeled, unlabeled, validation, ...threshold },
    // One seed for all arms of a part: they share their initialisation wherever they can.
    seed: rng.stream('training').stream(part.prefix).seed(),
    ...{ batchSize: part.batchSize, augment: part.augment, optimizer: (phase) => makeOptimizer(part.optimizer, phase) },
    ...{ initialisation: part.initialisation, headTraining: part.headTraining, fineTuning: part.fineTuning },
    ...{
      rounds: part.rounds,
      poolBase: part.poolBase,
      fineTuneEvery: part.fineTuneEvery,
      desPasses: part.desPasses,
    },
    trueLabels,
    keepPredictions: role === 'trinet',
    signal: context.signal,
    ...roleOptions(role, splits),
    on: {
      warning: ({ message }) => {
        if (role !== 'supervised-extra') context.log(`${part.prefix}${role}: ${message}`);
      },
      pseudoLabels: (labels) => {
        if (role === 'trinet') gallery.add(labels);
      },
      round: async ({ round }, net) => {
        if (round === 0 || round >= part.rounds - 1) tested.set(round, await test(net, splits));
        roundDone(part.prefix + role);
      },
    },
  };
  const { net, history, aborted } = await trainTriNet(options);
  net.dispose();
  if (aborted) context.signal.throwIfAborted();
  const last = history.at(-1)!;
  const labelling = history.filter(({ kind }) => kind === 'label');
  const lastLabelling = labelling.at(-1);
  const final = tested.get(last.round)!;
  return {
    ...{ threshold, history, gallery },
    initialAccuracy: tested.get(0)!.sumRule,
    validationAccuracy: last.validationAccuracy!.sumRule,
    metrics: {
      'test-accuracy': final.sumRule,
      'head-accuracy': final.heads,
      'test-accuracy-after-labelling': lastLabelling ? (tested.get(lastLabelling.round)?.sumRule ?? null) : null,
      'validation-accuracy': 100 * last.validationAccuracy!.sumRule,
      disagreement: percent(last.disagreement),
      accepted: percent(mean(labelling.flatMap(({ heads, pool }) => heads.map(({ accepted }) => accepted / pool)))),
      'pseudo-label-error': percent(errorOf(labelling, 'kept')),
      'sigma-0': threshold.sigma0,
    },
  };
}

async function test(net: TriNet, { test: data }: Splits): Promise<{ sumRule: number; heads: number }> {
  const { classes, headClasses } = await net.evaluate(data);
  const accuracy = (predicted: Int32Array) =>
    (100 * predicted.reduce((right, each, i) => right + (each === data.labels[i] ? 1 : 0), 0)) / data.length;
  return { sumRule: accuracy(classes), heads: mean(headClasses.map(accuracy))! };
}

/** The mean over rounds and heads of a share of wrong pseudo-labels. */
const errorOf = (rounds: readonly RoundReport[], which: 'accepted' | 'kept'): number | null =>
  mean(rounds.flatMap(({ heads }) => heads.map(({ errors }) => errors?.[which] ?? null)));

/** The arms that are measured while Tri-net trains. */
function measuredOnTheWay({ history, initialAccuracy }: TrainedArm): Record<string, ArmMetrics> {
  const labelling = history.filter(({ kind }) => kind === 'label');
  const fineTuned = history.filter(({ kind }) => kind === 'finetune').map(({ round }) => round);
  const disagreementAt = (rounds: readonly number[]) =>
    percent(mean(rounds.map((round) => history[round]!.disagreement)));
  return {
    supervised: { 'test-accuracy': initialAccuracy, disagreement: percent(history[0]!.disagreement) },
    'trinet/accepted-labels': { 'pseudo-label-error': percent(errorOf(labelling, 'accepted')) },
    'trinet/kept-labels': { 'pseudo-label-error': percent(errorOf(labelling, 'kept')) },
    'trinet/before-fine-tuning': { disagreement: disagreementAt(fineTuned.map((round) => round - 1)) },
    'trinet/after-fine-tuning': { disagreement: disagreementAt(fineTuned) },
  };
}

/** What is drawn over rounds. */
function seriesOf({ prefix }: Part, role: TrainedRole, history: readonly RoundReport[]): Series[] {
  const line = (name: string, label: string, unit: string, value: (report: RoundReport) => number | null): Series => ({
    ...{ name, arm: prefix + role, x: { label: 'round' }, y: { label, unit } },
    points: history.map((report) => [report.round, value(report)]),
  });
  const overHeads = (report: RoundReport, value: (head: RoundReport['heads'][number]) => number | null) =>
    percent(mean(report.heads.map(value)));
  return [
    line('validation-accuracy', 'validation accuracy', '%', (report) => percent(report.validationAccuracy!.sumRule)),
    line('disagreement', 'unlabelled images on which two heads differ', '%', (report) => percent(report.disagreement)),
    line('accepted', 'accepted of the pool', '%', (report) =>
      overHeads(report, ({ accepted }) => (report.pool === 0 ? null : accepted / report.pool)),
    ),
    line('edited', 'edited away of the accepted', '%', (report) =>
      overHeads(report, ({ accepted, edited }) => (accepted === 0 ? null : edited / accepted)),
    ),
    line('error-accepted', 'wrong pseudo-labels before editing', '%', (report) =>
      overHeads(report, ({ errors }) => errors?.accepted ?? null),
    ),
    line('error-kept', 'wrong pseudo-labels after editing', '%', (report) =>
      overHeads(report, ({ errors }) => errors?.kept ?? null),
    ),
  ];
}

/** The mean of what is known; null where nothing is. */
function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

const percent = (share: number | null) => (share === null ? null : 100 * share);
