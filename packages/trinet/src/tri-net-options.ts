import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type {
  CheckpointEvent,
  CheckpointOptions,
  Optimizer,
  Schedule,
  StepLog,
  TrainLogSink,
} from '@tensor-papers/tensor-core/train';
import { requireChoice, requireInteger, requireLabels, requireNonNegative } from './checks.js';
import type { TriNetFactories } from './create-tri-net.js';
import { type DesCount, desCounts } from './edit-labels.js';
import { DataError, LabelsError, MissingClassError, OptionError } from './errors.js';
import type { HeadNumber, Labelers } from './heads.js';
import type { Phase } from './phases.js';
import type { EditedPseudoLabels, RoundPseudoLabels } from './pseudo-labels.js';
import type { RoundReport, TriNetWarning } from './round-report.js';
import { type RoundScheduleOptions, requireSchedule } from './round-schedule.js';
import { requireSameShape } from './train-phase.js';
import { type PhaseLength, requireLabeledFraction, requirePhaseLength } from './training-order.js';
import type { TriNet } from './tri-net.js';

/** What {@link trainTriNet} calls while it trains; it waits for promises. What they throw ends the run. */
export interface TriNetCallbacks {
  /** Before a round; round 0 is the initialisation. */
  roundStart?(start: {
    readonly round: number;
    readonly rounds: number;
    readonly kind: RoundReport['kind'];
    readonly pool: number;
    readonly threshold: number | null;
  }): void | Promise<void>;
  /** What a head is about to be trained on, and what editing deleted: the audit trail of every pseudo-label. */
  pseudoLabels?(labels: RoundPseudoLabels): void | Promise<void>;
  step?(step: { readonly phase: Phase; readonly log: StepLog }): void | Promise<void>;
  /** After a round; the net is still in training: do not dispose it. */
  round?(report: RoundReport, net: TriNet): void | Promise<void>;
  /** Default: `console.warn`. */
  warning?(warning: TriNetWarning): void;
  /** After a checkpoint was written; steps and epoch are those of the phase. */
  checkpoint?(event: CheckpointEvent & { readonly phase: Phase }): void | Promise<void>;
  /** After the run was put where a checkpoint stood. */
  resume?(phase: Phase): void | Promise<void>;
}

/** Options of {@link trainTriNet}. */
export interface TriNetOptions extends TriNetFactories, RoundScheduleOptions {
  /** At least one example of every class. */
  readonly labeled: DataSet;
  /** Its labels are never looked at. Examples that are also among the labelled ones should be left out. */
  readonly unlabeled: DataSet;
  /** Decides everything that is drawn. */
  readonly seed: number;
  readonly batchSize: number;
  /** How long module initialisation trains. */
  readonly initialisation: PhaseLength;
  /** How long each head trains in a labelling round. */
  readonly headTraining: PhaseLength;
  /** How long a fine-tuning round trains. Default: as long as the initialisation. */
  readonly fineTuning?: PhaseLength;
  /** Makes the optimiser of a phase, each time a fresh one; it is disposed after it. */
  optimizer(phase: Phase): Optimizer;
  /** Default: the optimiser's learning rate throughout. */
  schedule?(phase: Phase): Schedule;
  /** Drawn for training images only; must keep their shape. */
  readonly augment?: Augmentation;
  /** Clips the gradients' global norm. */
  readonly clipNorm?: number;
  /** Standard deviation of output smearing. Default 0.05; 0 does without. */
  readonly std?: number;
  /** New smearing noise in every fine-tuning round (default), or that of the initialisation. */
  readonly freshSmearing?: boolean;
  /** Whether fine-tuning rounds train; without, they only lower the threshold. Default true. */
  readonly fineTune?: boolean;
  /** K, the stochastic passes of pseudo-label editing; 0 does without. Default 9. */
  readonly desPasses?: number;
  /** What counts as a mismatch. Default `mean`. */
  readonly desCount?: DesCount;
  /** Delete at k = K/3 already. Default false. */
  readonly desInclusive?: boolean;
  /** Pass the class of every stochastic pass to `on.pseudoLabels`. Default false. */
  readonly keepPredictions?: boolean;
  /** Who labels for a head: the other two (default), or itself (self-training, a control). */
  readonly labelers?: Labelers;
  /** Label for all three heads at the beginning of a round, not for each after the one before was trained. Default false. */
  readonly simultaneous?: boolean;
  /** Share of every batch that is labelled, in (0, 1). Default: none, all examples alike, as in the paper. */
  readonly labeledFraction?: number;
  /** After initialisation, normalisation uses its moving statistics and leaves them as they are. Default true. */
  readonly freezeStatistics?: boolean;
  /** Changes what a head is trained on: a filter of your own, or true labels for an upper bound. */
  revise?(labels: EditedPseudoLabels, at: { readonly round: number; readonly head: HeadNumber }): EditedPseudoLabels;
  /** Of the unlabelled data, −1 where unknown: for the errors in the reports, never for training. */
  readonly trueLabels?: ArrayLike<number>;
  /** Evaluated after every round; selects nothing. */
  readonly validation?: DataSet;
  /** Images at a time in labelling and evaluation. Default 256. Decides dropout masks of editing. */
  readonly evaluationBatchSize?: number;
  /** Checkpoints within and after every phase. Default interval: every epoch, so that `{ steps }` writes one a phase. */
  readonly checkpoint?: Pick<CheckpointOptions, 'store' | 'everySteps' | 'everyEpochs' | 'allowOtherEngine'>;
  /** Go on where the checkpoint stands: `true` needs one, `auto` begins anew where there is none. */
  readonly resume?: boolean | 'auto';
  /** Ends the run before the next step, or while a pool is labelled. */
  readonly signal?: AbortSignal;
  readonly on?: TriNetCallbacks;
  /** Logs of the training, started and ended once for each phase; a function makes those of one phase. */
  readonly sinks?: readonly TrainLogSink[] | ((phase: Phase) => readonly TrainLogSink[]);
}

/** @internal Defaults of {@link TriNetOptions}. */
export const triNetDefaults = {
  augment: [] as Augmentation,
  std: 0.05,
  freshSmearing: true,
  fineTune: true,
  desPasses: 9,
  desCount: 'mean' as DesCount,
  desInclusive: false,
  keepPredictions: false,
  labelers: 'others' as Labelers,
  simultaneous: false,
  freezeStatistics: true,
  evaluationBatchSize: 256,
};

/** @internal Options with their defaults, checked as far as that goes without a net. */
export type TriNetSettings = TriNetOptions &
  Required<RoundScheduleOptions> & { readonly [Key in keyof typeof triNetDefaults]: (typeof triNetDefaults)[Key] } & {
    readonly fineTuning: PhaseLength;
    readonly classes: number;
  };

/** @internal */
export function requireSettings(options: TriNetOptions): TriNetSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const settings: TriNetSettings = {
    ...triNetDefaults,
    fineTuning: options.initialisation,
    ...(given as unknown as TriNetOptions),
    ...requireSchedule(options),
    classes: options.labeled.classNames.length,
  };
  requireNumbers(settings);
  requireData(settings);
  requireSameShape(settings.augment, settings.labeled);
  return settings;
}

function requireNumbers(settings: TriNetSettings): void {
  requireInteger('batchSize', settings.batchSize, 1);
  requireInteger('evaluationBatchSize', settings.evaluationBatchSize, 1);
  requireInteger('desPasses', settings.desPasses, 0);
  requireNonNegative('std', settings.std);
  requireChoice('desCount', settings.desCount, desCounts);
  requireChoice('labelers', settings.labelers, ['others', 'self']);
  requirePhaseLength('initialisation', settings.initialisation);
  requirePhaseLength('headTraining', settings.headTraining);
  requirePhaseLength('fineTuning', settings.fineTuning);
  requireLabeledFraction(settings.labeledFraction, settings.batchSize);
  if (settings.resume && settings.checkpoint === undefined) {
    throw new OptionError('resume: expected `checkpoint` to say where from, got none');
  }
}

function requireData({ labeled, unlabeled, validation, trueLabels, classes }: TriNetSettings): void {
  if (labeled.length === 0) throw new DataError('labeled: expected at least one example of every class, got none');
  requireLabelled('labeled', labeled);
  const counts = new Int32Array(classes);
  for (const label of labeled.labels) counts[label]! += 1;
  const missing = counts.indexOf(0);
  if (missing >= 0) {
    throw new MissingClassError(
      `labeled: class ${missing} (${labeled.classNames[missing]}) has no example: no head can learn or propose it; label at least one, or leave the class out`,
    );
  }
  if (unlabeled.length > 0) requireSameKind('unlabeled', labeled, unlabeled);
  if (validation) {
    if (validation.length === 0) throw new DataError('validation: expected at least one example, got none');
    requireSameKind('validation', labeled, validation);
    requireLabelled('validation', validation);
  }
  if (trueLabels === undefined) return;
  if (trueLabels.length !== unlabeled.length) {
    throw new LabelsError(
      `trueLabels: expected ${unlabeled.length}, one for each unlabelled example, got ${trueLabels.length}`,
    );
  }
  requireLabels(
    'trueLabels',
    Array.from(trueLabels, (label) => (label === -1 ? 0 : label)),
    classes,
  );
}

function requireLabelled(what: string, { length, labels, classNames }: DataSet): void {
  if (labels.length !== length) {
    throw new LabelsError(`${what}: expected ${length} labels, one per example, got ${labels.length}`);
  }
  requireLabels(what, labels, classNames.length);
}

function requireSameKind(what: string, labeled: DataSet, other: DataSet): void {
  if (other.shape.join() !== labeled.shape.join()) {
    throw new DataError(
      `${what}: expected images [${labeled.shape.join(', ')}] like the labelled ones, got [${other.shape.join(', ')}]`,
    );
  }
  if (other.classNames.length !== labeled.classNames.length) {
    throw new DataError(
      `${what}: expected the ${labeled.classNames.length} classes of the labelled data, got ${other.classNames.length}`,
    );
  }
}
