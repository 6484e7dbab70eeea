import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { ModelFactory } from '@tensor-papers/tensor-core/nn';
import type { Optimizer, Schedule, StepLog, TrainLogSink } from '@tensor-papers/tensor-core/train';
import type * as tf from '@tensorflow/tfjs';
import { requireLabelValues } from './checks.js';
import { ClassCountError, EmptyBatchError, LabelsError, OptionError } from './errors.js';
import type { BornAgainWarning, GenerationEpoch, GenerationReport } from './generation-report.js';
import { requireWeight } from './loss.js';
import { type BanMode, parseMode, usesLabels } from './mode.js';
import { requireTemperature } from './targets.js';
import type { Classifier } from './teacher.js';

/** What {@link trainBornAgain} calls while it trains; it waits for promises. */
export interface BornAgainCallbacks {
  generationStart?(start: {
    readonly generation: number;
    readonly generations: number;
    readonly mode: BanMode;
    readonly seed: number;
  }): void | Promise<void>;
  step?(step: { readonly generation: number; readonly log: StepLog }): void | Promise<void>;
  /** The model is that of the generation, still in training: do not dispose it. */
  epoch?(epoch: {
    readonly generation: number;
    readonly log: GenerationEpoch;
    readonly model: tf.LayersModel;
  }): void | Promise<void>;
  /** After each generation; `model` is null for a teacher that was given. With `keep: 'last'` it is soon disposed. */
  generation?(report: GenerationReport, model: tf.LayersModel | null): void | Promise<void>;
  /** Default: `console.warn`. */
  warning?(warning: BornAgainWarning): void;
}

/** Options of {@link trainBornAgain}. */
export interface BornAgainOptions {
  /** Makes the students, and the teacher unless `makeTeacher` does; called once a generation, each time with another seed. */
  readonly makeModel: ModelFactory;
  /** The training data; −1 (no label) is allowed where nothing reads labels: a given teacher and a label-free mode. */
  readonly data: DataSet;
  /** K ≥ 0, the number of students, each taught by the generation before; 0 trains the teacher alone. */
  readonly generations: number;
  /** What the students are trained on. Default `ban`. */
  readonly mode?: BanMode;
  /** Decides everything that is drawn. */
  readonly seed: number;
  /** Of every generation, as in the paper. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Makes the optimiser of a generation; it is disposed after it. */
  optimizer(): Optimizer;
  /** Default: the optimiser's learning rate throughout. */
  readonly schedule?: Schedule;
  /** Drawn once a batch; teacher and student see the same augmented batch. */
  readonly augment?: Augmentation;
  /** Evaluated after every epoch; selects nothing. */
  readonly validation?: DataSet;
  /** A trained teacher: takes the place of generation 0 and stays the caller's. */
  readonly teacher?: Classifier;
  /** Makes generation 0 where it has another architecture than the students. */
  readonly makeTeacher?: ModelFactory;
  /** `ban+l` only. The paper gives none; default 1. */
  readonly labelWeight?: number;
  /** `ban+l` only. The paper gives none; default 1. */
  readonly teacherWeight?: number;
  /** `ban` and `ban+l` only. Default 1, the paper's value. */
  readonly temperature?: number;
  /** `dkpp` only: draw anew at every presentation (default), or once for each example of a generation. */
  readonly permutations?: 'fresh' | 'fixedPerSample';
  /** Which models to keep: all (default), or the last generation only, so that never more than two are in memory. */
  readonly keep?: 'all' | 'last';
  /** Evaluate a teacher once on all training data. Default: where there is no augmentation; impossible with it. */
  readonly cacheTargets?: boolean;
  /** Warn when the teacher's training accuracy is below, in `ban`, `dkpp` and `smoothMax`. Default 0.95; 0 never warns. */
  readonly teacherAccuracyWarning?: number;
  /** Ends the run before the next step. */
  readonly signal?: AbortSignal;
  readonly on?: BornAgainCallbacks;
  /** Logs, started and ended once for each generation; a function makes those of one generation. */
  readonly sinks?: readonly TrainLogSink[] | ((generation: number) => readonly TrainLogSink[]);
}

/** @internal Options with their defaults, checked as far as that goes without a model. */
export interface BornAgainSettings extends BornAgainOptions {
  readonly mode: BanMode;
  readonly classes: number;
  readonly permutations: 'fresh' | 'fixedPerSample';
  readonly keep: 'all' | 'last';
  readonly cacheTargets: boolean;
  readonly teacherAccuracyWarning: number;
}

/** @internal */
export function requireSettings(options: BornAgainOptions): BornAgainSettings {
  const { data, generations, teacher, makeTeacher, validation } = options;
  const mode = parseMode(options.mode ?? 'ban');
  requireTemperature(mode, options.temperature);
  requireWeight('labelWeight', mode, options.labelWeight);
  requireWeight('teacherWeight', mode, options.teacherWeight);
  if (!Number.isInteger(generations) || generations < 0) {
    throw new OptionError(`generations: expected an integer of at least 0, got ${generations}`);
  }
  if (teacher && generations === 0) {
    throw new OptionError('generations: expected at least 1 with a trained teacher, got 0: there is nothing to train');
  }
  if (teacher && makeTeacher) {
    throw new OptionError('expected `teacher` or `makeTeacher`, got both; leave out the one that should not teach');
  }
  const classes = data.classNames.length;
  if (classes < 2 && (mode === 'dkpp' || mode === 'smoothMax')) {
    throw new OptionError(`mode '${mode}': expected at least 2 classes, the data has ${classes}`);
  }
  requireData('data', data, { allowMissing: teacher !== undefined && !usesLabels(mode) });
  if (validation) {
    requireData('validation', validation, { allowMissing: false });
    requireSameKind(data, validation);
  }
  return { ...options, mode, classes, ...requireChoices(options, mode) };
}

function requireChoices(options: BornAgainOptions, mode: BanMode) {
  const { augment = [], permutations = 'fresh', keep = 'all', teacherAccuracyWarning = 0.95 } = options;
  const { cacheTargets = augment.length === 0 } = options;
  if (permutations !== 'fresh' && permutations !== 'fixedPerSample') {
    throw new OptionError(`permutations: expected 'fresh' or 'fixedPerSample', got '${String(permutations)}'`);
  }
  if (permutations === 'fixedPerSample' && mode !== 'dkpp') {
    throw new OptionError(`permutations: only mode 'dkpp' takes any, got mode '${mode}'`);
  }
  if (keep !== 'all' && keep !== 'last') throw new OptionError(`keep: expected 'all' or 'last', got '${String(keep)}'`);
  if (cacheTargets && augment.length > 0) {
    throw new OptionError(
      'cacheTargets: expected false with augmentation: the teacher has to see the very images that the student sees',
    );
  }
  if (!(teacherAccuracyWarning >= 0 && teacherAccuracyWarning <= 1)) {
    throw new OptionError(`teacherAccuracyWarning: expected a share 0 … 1, got ${teacherAccuracyWarning}`);
  }
  return { permutations, keep, cacheTargets, teacherAccuracyWarning };
}

function requireData(what: string, { length, labels, classNames }: DataSet, allow: { allowMissing: boolean }): void {
  if (length === 0) throw new EmptyBatchError(`${what}: expected at least one example, got none`);
  if (labels.length !== length) {
    throw new LabelsError(`${what}: expected ${length} labels, one per example, got ${labels.length}`);
  }
  requireLabelValues(labels, classNames.length, allow);
}

function requireSameKind(data: DataSet, validation: DataSet): void {
  if (validation.classNames.length !== data.classNames.length) {
    throw new ClassCountError(
      `validation: expected the ${data.classNames.length} classes of the training data, got ${validation.classNames.length}`,
    );
  }
  if (validation.shape.join() !== data.shape.join()) {
    throw new OptionError(
      `validation: expected images [${data.shape.join(', ')}] like the training data's, got [${validation.shape.join(', ')}]`,
    );
  }
}
