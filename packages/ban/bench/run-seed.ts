import type { Augmentation } from '@tensor-papers/numerics/augment';
import { argmaxRows, confusionMatrix } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import { type ModelFactory, mlp, smallCnn } from '@tensor-papers/tensor-core/nn';
import { adamW, cosine, predictLogits } from '@tensor-papers/tensor-core/train';
import type { SeedContext, SeedOutcome, Series } from '@tensor-papers/workbench';
import type * as tf from '@tensorflow/tfjs';
import { type BanMode, type GenerationReport, trainBornAgain } from '../src/index.js';
import type { Arm } from './arms.js';
import type { BanConfig } from './config.js';
import { ensembleLogits, evaluateLogits } from './evaluate.js';
import { drawGallery } from './gallery.js';
import { drawSplits, type Splits } from './splits.js';

/** What trains one or more arms in a row. */
interface Training {
  readonly arms: readonly Arm[];
  readonly makeModel: ModelFactory;
  /** Absent: trained on labels. */
  readonly teacher?: Arm;
  readonly mode?: BanMode;
  readonly short?: boolean;
}

/** Every training of a seed, in an order in which teachers come first. */
function trainings({ filters, hidden }: BanConfig): Training[] {
  const cnn = smallCnn({ filters });
  const pooled = smallCnn({ filters, head: 'globalAveragePool' });
  const perceptron = mlp({ hidden });
  return [
    { arms: ['teacher'], makeModel: cnn },
    { arms: ['teacher-2'], makeModel: cnn },
    { arms: ['teacher-3'], makeModel: cnn },
    { arms: ['ban', 'ban-2', 'ban-3'], makeModel: cnn, teacher: 'teacher', mode: 'ban' },
    { arms: ['ban+l'], makeModel: cnn, teacher: 'teacher', mode: 'ban+l' },
    { arms: ['cwtm'], makeModel: cnn, teacher: 'teacher', mode: 'cwtm' },
    { arms: ['dkpp'], makeModel: cnn, teacher: 'teacher', mode: 'dkpp' },
    { arms: ['smoothMax'], makeModel: cnn, teacher: 'teacher', mode: 'smoothMax' },
    { arms: ['cross/mlp-ce'], makeModel: perceptron },
    { arms: ['cross/cnn-to-mlp'], makeModel: perceptron, teacher: 'teacher', mode: 'ban' },
    { arms: ['cross/mlp-to-cnn'], makeModel: cnn, teacher: 'cross/mlp-ce', mode: 'ban' },
    { arms: ['short/teacher'], makeModel: pooled, short: true },
    { arms: ['short/ban'], makeModel: pooled, teacher: 'short/teacher', mode: 'ban', short: true },
    { arms: ['short/ban+l'], makeModel: pooled, teacher: 'short/teacher', mode: 'ban+l', short: true },
  ];
}

const ensembles: Partial<Record<Arm, readonly Arm[]>> = {
  'bane-2': ['ban', 'ban-2'],
  'bane-3': ['ban', 'ban-2', 'ban-3'],
  'teacher+bane-2': ['teacher', 'ban', 'ban-2'],
  'ensemble-2-teachers': ['teacher', 'teacher-2'],
  'ensemble-3-teachers': ['teacher', 'teacher-2', 'teacher-3'],
};

/** Trains and evaluates every arm of one seed. */
export async function runSeed(context: SeedContext<BanConfig>): Promise<SeedOutcome> {
  const { seed, config, signal } = context;
  const rng = createRng(seed);
  const splits = await drawSplits(config, rng.stream('splits'), signal);
  const run = new SeedRun(context, splits);
  try {
    for (const training of trainings(config)) {
      await run.train(training, rng.stream('training').stream(training.arms[0]!).seed());
    }
    return run.outcome();
  } finally {
    run.dispose();
  }
}

/** The models of one seed and what was measured of them. */
class SeedRun {
  readonly #context: SeedContext<BanConfig>;
  readonly #splits: Splits;
  readonly #models = new Map<Arm, tf.LayersModel>();
  readonly #logits = new Map<Arm, Float32Array>();
  readonly #metrics: Record<string, Record<string, number | null>> = {};
  readonly #series: Series[] = [];
  readonly #notes: string[] = [];
  readonly #epochsInAll: number;
  #epochsDone = 0;

  constructor(context: SeedContext<BanConfig>, splits: Splits) {
    this.#context = context;
    this.#splits = splits;
    const { config } = context;
    this.#epochsInAll = trainings(config).reduce(
      (sum, { arms, short }) => sum + arms.length * (short ? config.short.epochs : config.epochs),
      0,
    );
  }

  async train({ arms, makeModel, teacher, mode, short }: Training, seed: number): Promise<void> {
    const { config, signal, log, progress } = this.#context;
    const augment: Augmentation = short ? config.short.augment : [];
    const run = await trainBornAgain({
      ...{ makeModel, seed, augment, signal },
      ...{ data: this.#splits.train, validation: this.#splits.validation },
      ...(teacher && mode
        ? { teacher: this.#models.get(teacher)!, mode, generations: arms.length }
        : { generations: 0 }),
      epochs: short ? config.short.epochs : config.epochs,
      batchSize: config.batchSize,
      optimizer: () => adamW({ learningRate: config.learningRate, weightDecay: config.weightDecay }),
      schedule: cosine({ learningRate: config.learningRate }),
      on: {
        warning: ({ message }) => {
          const note = `${arms[0]}: ${message}`;
          if (!this.#notes.includes(note)) this.#notes.push(note);
          log(note);
        },
        epoch: ({ generation }) => {
          this.#epochsDone += 1;
          progress(this.#epochsDone / this.#epochsInAll, arms[teacher ? generation - 1 : 0]!);
        },
      },
    });
    signal.throwIfAborted();
    const models = teacher ? run.students : [run.teacher!];
    const reports = run.history.filter(({ mode: trainedOn }) => trainedOn !== 'external');
    for (const [i, arm] of arms.entries()) {
      this.#models.set(arm, models[i]!);
      await this.#measure(arm, models[i]!, reports[i]!, i === 0 ? teacher : arms[i - 1]);
    }
  }

  /** Ensembles, pictures and data sources, when every arm is trained. */
  outcome(): SeedOutcome {
    for (const [arm, members] of Object.entries(ensembles)) {
      const logits = ensembleLogits(
        members.map((member) => this.#logits.get(member)!),
        this.#classes,
      );
      this.#metrics[arm] = evaluateLogits(
        logits,
        this.#splits.test.labels,
        this.#classes,
        this.#logits.get('teacher')!,
      );
    }
    const { id, sha256, licence, citation } = this.#splits.train.source;
    const teacher = this.#logits.get('teacher')!;
    const confusion = confusionMatrix(argmaxRows(teacher, this.#classes), this.#splits.test.labels, this.#classes);
    return {
      arms: this.#metrics,
      series: this.#series,
      data: [{ id, sha256, licence, citation }],
      artifacts: {
        classNames: [...this.#splits.test.classNames],
        confusion: Array.from(confusion),
        gallery: drawGallery(this.#splits.test, teacher, this.#logits.get('ban')!, createRng(this.#context.seed)),
      },
      notes: this.#notes,
    };
  }

  dispose(): void {
    for (const model of this.#models.values()) model.dispose();
  }

  get #classes(): number {
    return this.#splits.test.classNames.length;
  }

  async #measure(arm: Arm, model: tf.LayersModel, report: GenerationReport, teacher: Arm | undefined): Promise<void> {
    const logits = await predictLogits(model, this.#splits.test);
    this.#logits.set(arm, logits);
    const taughtBy = teacher && this.#logits.get(teacher);
    this.#metrics[arm] = {
      ...evaluateLogits(logits, this.#splits.test.labels, this.#classes, taughtBy),
      'train-accuracy': report.trainAccuracy === null ? null : 100 * report.trainAccuracy,
      'train-confidence': report.meanConfidence,
    };
    this.#series.push({
      name: 'validation-accuracy',
      arm,
      x: { label: 'epoch' },
      y: { label: 'validation accuracy', unit: '%' },
      points: report.epochs.map(({ epoch, validationAccuracy }) => [
        epoch + 1,
        validationAccuracy === undefined ? null : 100 * validationAccuracy,
      ]),
    });
  }
}
