import { argmaxRows, confusionMatrix, reliabilityBins, softmaxRows } from '@tensor-papers/numerics/metrics';
import type { Rng } from '@tensor-papers/numerics/random';
import { type ModelFactory, mlp } from '@tensor-papers/tensor-core/nn';
import { predictLogits } from '@tensor-papers/tensor-core/train';
import type { Series } from '@tensor-papers/workbench';
import type * as tf from '@tensorflow/tfjs';
import { type BanMode, type GenerationReport, trainBornAgain } from '../src/index.js';
import { ensembles, type Role, rolesOf } from './arms.js';
import type { Part } from './config.js';
import { type ArmMetrics, ensembleLogits, evaluateLogits } from './evaluate.js';
import { drawGallery, type GalleryItem } from './gallery.js';
import { makeNet, makeOptimizer, makeSchedule } from './nets.js';
import type { Splits } from './splits.js';
import { channelMoments, withStandardizedInputs } from './standardized-inputs.js';
import { enoughLearnt, unlearntTeachers } from './unlearnt-teachers.js';

/** What trains one or more roles in a row. */
interface Training {
  readonly roles: readonly Role[];
  readonly net: 'main' | 'perceptron';
  /** Absent: trained on labels. */
  readonly teacher?: Role;
  readonly mode?: BanMode;
}

/** Every training, in an order in which teachers come first. */
const trainings: readonly Training[] = [
  { roles: ['teacher'], net: 'main' },
  { roles: ['teacher-2'], net: 'main' },
  { roles: ['teacher-3'], net: 'main' },
  { roles: ['ban', 'ban-2', 'ban-3'], net: 'main', teacher: 'teacher', mode: 'ban' },
  { roles: ['ban+l'], net: 'main', teacher: 'teacher', mode: 'ban+l' },
  { roles: ['cwtm'], net: 'main', teacher: 'teacher', mode: 'cwtm' },
  { roles: ['dkpp'], net: 'main', teacher: 'teacher', mode: 'dkpp' },
  { roles: ['smoothMax'], net: 'main', teacher: 'teacher', mode: 'smoothMax' },
  { roles: ['cross/mlp-ce'], net: 'perceptron' },
  { roles: ['cross/cnn-to-mlp'], net: 'perceptron', teacher: 'teacher', mode: 'ban' },
  { roles: ['cross/mlp-to-cnn'], net: 'main', teacher: 'cross/mlp-ce', mode: 'ban' },
];

/** The trainings of a part: of a row of generations as many as are wanted. */
const trainingsOf = ({ trained }: Part): Training[] =>
  trainings
    .map((training) => ({ ...training, roles: training.roles.filter((role) => trained.includes(role)) }))
    .filter(({ roles }) => roles.length > 0);

/** How many epochs a part trains in all. */
export const epochsOf = (part: Part) =>
  part.epochs * trainingsOf(part).reduce((sum, { roles }) => sum + roles.length, 0);

/** Pictures of a part, for the figures: plain JSON. */
export interface PartPictures {
  readonly classNames: string[];
  /** Of the teacher: true class × predicted class, row-major counts over the test images. */
  readonly confusion: number[];
  readonly gallery: GalleryItem[];
  /** By role: test images in bins of equal width of the largest probability. */
  readonly reliability: Record<string, { count: number; confidence: number; accuracy: number }[]>;
}

/** What a part of one seed measured. */
export interface PartOutcome {
  readonly metrics: Readonly<Record<string, ArmMetrics>>;
  readonly series: readonly Series[];
  readonly pictures: PartPictures;
  readonly notes: readonly string[];
  /** Training accuracies of teachers that have not learnt their data, one for each student that never sees a label. */
  readonly unlearntTeachers: readonly number[];
}

export interface PartRun {
  readonly part: Part;
  readonly splits: Splits;
  /** Of the seed. */
  readonly rng: Rng;
  readonly signal: AbortSignal;
  /** After every epoch. */
  readonly epochDone: (arm: string) => void;
}

const reliabilityBinCount = 10;

/** Trains and evaluates every arm of a part for one seed. */
export async function runPart(run: PartRun): Promise<PartOutcome> {
  const measured = new PartMeasurement(run);
  try {
    for (const training of trainingsOf(run.part)) await measured.train(training);
    return measured.outcome();
  } finally {
    measured.dispose();
  }
}

/** The models of a part and what was measured of them. */
class PartMeasurement {
  readonly #run: PartRun;
  readonly #models = new Map<Role, tf.LayersModel>();
  readonly #logits = new Map<Role, Float32Array>();
  readonly #metrics: Record<string, ArmMetrics> = {};
  readonly #series: Series[] = [];
  readonly #notes: string[] = [];
  readonly #unlearntTeachers: number[] = [];

  constructor(run: PartRun) {
    this.#run = run;
  }

  async train({ roles, net, teacher, mode }: Training): Promise<void> {
    const { part, splits, rng, signal, epochDone } = this.#run;
    const run = await trainBornAgain({
      makeModel: await this.#factory(net),
      seed: rng
        .stream('training')
        .stream(part.prefix + roles[0]!)
        .seed(),
      data: splits.train,
      ...(splits.validation && { validation: splits.validation }),
      ...(teacher && mode
        ? { teacher: this.#models.get(teacher)!, mode, generations: roles.length }
        : { generations: 0 }),
      epochs: part.epochs,
      batchSize: part.batchSize,
      optimizer: () => makeOptimizer(part.optimizer),
      schedule: makeSchedule(part),
      augment: part.augment,
      teacherAccuracyWarning: enoughLearnt,
      signal,
      on: {
        warning: ({ message }) => {
          const note = `${part.prefix}${roles[0]}: ${message}`;
          if (!this.#notes.includes(note)) this.#notes.push(note);
        },
        epoch: ({ generation }) => epochDone(part.prefix + roles[teacher ? generation - 1 : 0]!),
      },
    });
    signal.throwIfAborted();
    this.#unlearntTeachers.push(...unlearntTeachers(run.history));
    const models = teacher ? run.students : [run.teacher!];
    const reports = run.history.filter(({ mode: trainedOn }) => trainedOn !== 'external');
    for (const [i, role] of roles.entries()) {
      this.#models.set(role, models[i]!);
      await this.#measure(role, models[i]!, reports[i]!, i === 0 ? teacher : roles[i - 1]);
    }
  }

  /** Ensembles and pictures, when every role is trained. */
  outcome(): PartOutcome {
    const { part, splits, rng } = this.#run;
    const { test } = splits;
    const teacher = this.#logits.get('teacher')!;
    for (const role of rolesOf(part)) {
      const members = ensembles[role];
      if (!members) continue;
      const logits = ensembleLogits(
        members.map((member) => this.#logits.get(member)!),
        this.#classes,
      );
      this.#logits.set(role, logits);
      this.#metrics[role] = evaluateLogits(logits, test.labels, this.#classes, teacher);
    }
    return {
      metrics: this.#metrics,
      series: this.#series,
      notes: this.#notes,
      unlearntTeachers: this.#unlearntTeachers,
      pictures: {
        classNames: [...test.classNames],
        confusion: Array.from(confusionMatrix(argmaxRows(teacher, this.#classes), test.labels, this.#classes)),
        gallery: drawGallery(test, teacher, this.#logits.get('ban')!, rng.stream('gallery')),
        reliability: Object.fromEntries([...this.#logits].map(([role, logits]) => [role, this.#reliability(logits)])),
      },
    };
  }

  dispose(): void {
    for (const model of this.#models.values()) model.dispose();
  }

  get #classes(): number {
    return this.#run.splits.test.classNames.length;
  }

  async #factory(net: Training['net']): Promise<ModelFactory> {
    const { part, splits } = this.#run;
    if (net === 'perceptron') return mlp({ hidden: part.hidden });
    const factory = makeNet(part.net);
    return part.standardize ? withStandardizedInputs(factory, await channelMoments(splits.train)) : factory;
  }

  #reliability(logits: Float32Array) {
    const bins = { bins: reliabilityBinCount };
    const { labels } = this.#run.splits.test;
    return reliabilityBins(softmaxRows(logits, this.#classes), labels, this.#classes, bins).map(
      // An empty bin has no means, and JSON no NaN.
      ({ count, confidence, accuracy }) =>
        count === 0 ? { count, confidence: 0, accuracy: 0 } : { count, confidence, accuracy },
    );
  }

  async #measure(
    role: Role,
    model: tf.LayersModel,
    report: GenerationReport,
    teacher: Role | undefined,
  ): Promise<void> {
    const { part, splits } = this.#run;
    const logits = await predictLogits(model, splits.test);
    this.#logits.set(role, logits);
    this.#metrics[role] = {
      ...evaluateLogits(logits, splits.test.labels, this.#classes, teacher && this.#logits.get(teacher)),
      'train-accuracy': report.trainAccuracy === null ? null : 100 * report.trainAccuracy,
      'train-confidence': report.meanConfidence,
    };
    if (!splits.validation) return;
    this.#series.push({
      name: 'validation-accuracy',
      arm: part.prefix + role,
      x: { label: 'epoch' },
      y: { label: 'validation accuracy', unit: '%' },
      points: report.epochs.map(({ epoch, validationAccuracy }) => [
        epoch + 1,
        validationAccuracy === undefined ? null : 100 * validationAccuracy,
      ]),
    });
  }
}
