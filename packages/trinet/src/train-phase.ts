import { type Augmentation, augmentedShape } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import {
  type Batch,
  batches,
  type FitHistory,
  type FitOptions,
  fit,
  type Optimizer,
  type Schedule,
} from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import { requireInteger, requireLabels, requireLength } from './checks.js';
import { softTargetCrossEntropy } from './cross-entropy.js';
import { OptionError } from './errors.js';
import { type HeadNumber, headNumbers, requireHead } from './heads.js';
import { headPhaseModel, jointPhaseModel } from './phase-model.js';
import type { PseudoLabels } from './pseudo-labels.js';
import { type PhaseLength, requireLabeledFraction, requirePhaseLength, trainingOrder } from './training-order.js';
import type { TriNet } from './tri-net.js';
import { unionSet } from './union-set.js';

/** What every phase of training takes; checkpoints, hooks, signal and sinks are those of `fit`. */
export interface PhaseOptions
  extends Pick<FitOptions, 'checkpoint' | 'resume' | 'on' | 'signal' | 'sinks' | 'clipNorm'> {
  readonly net: TriNet;
  readonly labeled: DataSet;
  readonly length: PhaseLength;
  readonly batchSize: number;
  /** Stays the caller's to dispose. A phase should have a fresh one. */
  readonly optimizer: Optimizer;
  /** Default: the optimiser's learning rate throughout. */
  readonly schedule?: Schedule;
  /** Drawn for training images only; must keep their shape. */
  readonly augment?: Augmentation;
  /** Decides order and augmentation; only its named streams are used. */
  readonly rng: Rng;
  /** Normalisation uses its moving statistics and leaves them as they are. Default false. */
  readonly freezeStatistics?: boolean;
}

/** Options of {@link trainOnSmearedLabels}. */
export interface SmearedTrainingOptions extends PhaseOptions {
  /** ŷ, `[3, L, C]` row-major, from `smearLabels`. */
  readonly targets: Float32Array;
}

/**
 * Module initialisation and diversity augmentation: trains trunk and heads together on smeared labels, see `jointLoss`.
 *
 * @returns as `fit`
 * @throws OptionError, ShapeError, and what `fit` throws
 * @example
 * const noise = drawSmearingNoise(labeled.length, 10, rng.stream('smearing'));
 * const targets = smearLabels(labeled.labels, { classes: 10, std: 0.05, noise });
 * await trainOnSmearedLabels({ net, labeled, targets, length: { epochs: 50 }, batchSize: 50, optimizer, rng });
 */
export async function trainOnSmearedLabels(options: SmearedTrainingOptions): Promise<FitHistory> {
  const { net, labeled, targets, freezeStatistics = false } = options;
  requireLength('targets', targets, headNumbers.length * labeled.length * net.classes, '[3, L, C]');
  return await fitPhase<tf.Tensor3D>(options, labeled, 0, {
    model: jointPhaseModel(net, { freezeStatistics }),
    targets: ({ indices }) => smearedRows(targets, labeled.length, net.classes, indices!),
    loss: (logits, _batch, smeared) => tf.mean(tf.sum(softTargetCrossEntropy(logits, smeared), 1)),
  });
}

/** The targets of a batch, `[B, 3, C]`. */
function smearedRows(targets: Float32Array, length: number, classes: number, indices: Int32Array): tf.Tensor3D {
  const heads = headNumbers.length;
  const rows = new Float32Array(indices.length * heads * classes);
  indices.forEach((index, i) => {
    for (let v = 0; v < heads; v++) {
      const start = (v * length + index) * classes;
      rows.set(targets.subarray(start, start + classes), (i * heads + v) * classes);
    }
  });
  return tf.tensor3d(rows, [indices.length, heads, classes]);
}

/** Options of {@link trainHead}. */
export interface HeadTrainingOptions extends PhaseOptions {
  readonly head: HeadNumber;
  readonly unlabeled: DataSet;
  /** What the head is trained on besides the labelled examples. */
  readonly pseudoLabels: Pick<PseudoLabels, 'indices' | 'labels'>;
  /** Share of every batch that is labelled, see {@link trainingOrder}. Default: none, all examples alike. */
  readonly labeledFraction?: number;
}

/**
 * Trains one head on labelled and pseudo-labelled examples, by cross-entropy with hard labels.
 *
 * Head 1 trains together with the trunk. For heads 2 and 3 the trunk is frozen: its dropout is on, its normalisation uses the
 * moving statistics. The other two heads stay as they are.
 *
 * @returns as `fit`
 * @throws OptionError, LabelsError, and what `fit` throws
 */
export async function trainHead(options: HeadTrainingOptions): Promise<FitHistory> {
  const { net, labeled, unlabeled, head, pseudoLabels, freezeStatistics = false } = options;
  requireHead(head);
  requireLabeledFraction(options.labeledFraction, options.batchSize);
  requireLength('pseudoLabels: labels', pseudoLabels.labels, pseudoLabels.indices.length, 'one for each index');
  requireLabels('pseudoLabels', pseudoLabels.labels, net.classes);
  const data = unionSet(labeled, unlabeled, pseudoLabels);
  return await fitPhase(options, data, pseudoLabels.indices.length, {
    model: headPhaseModel(net, head, { freezeStatistics }),
    loss: (logits, { y }) => tf.mean(softTargetCrossEntropy(logits, tf.oneHot(y!, net.classes, 1, 0, 'float32'))),
  });
}

type PhaseFit<Targets extends tf.TensorContainer> = Pick<FitOptions<Targets>, 'model' | 'loss' | 'targets'>;

async function fitPhase<Targets extends tf.TensorContainer = undefined>(
  options: PhaseOptions & { readonly labeledFraction?: number },
  data: DataSet,
  pseudo: number,
  phase: PhaseFit<Targets>,
): Promise<FitHistory> {
  const { labeled, length, batchSize, augment = [], rng, labeledFraction } = options;
  requirePhaseLength('length', length);
  requireInteger('batchSize', batchSize, 1);
  requireLabels('labeled', labeled.labels, labeled.classNames.length);
  requireSameShape(augment, labeled);
  const { optimizer, schedule, checkpoint, resume, on, signal, sinks, clipNorm } = options;
  const share = labeledFraction === undefined ? {} : { labeledFraction };
  const steps = 'steps' in length ? { steps: length.steps } : {};
  const sizes = { labeled: labeled.length, pseudo, batchSize, ...share, ...steps };
  return await fit<Targets, Batch>({
    ...phase,
    batches: (epoch) =>
      batches(data, {
        ...{ batchSize, epoch, shuffle: false },
        indices: trainingOrder({ ...sizes, rng: rng.stream('order').stream(epoch) }),
        ...(augment.length > 0 ? { augment, rng: rng.stream('augment') } : {}),
      }),
    epochs: 'epochs' in length ? length.epochs : 1,
    optimizer,
    ...given({ schedule, checkpoint, resume, on, signal, sinks, clipNorm }),
  });
}

/** @internal Throws unless the augmented images have the shape that the net labels. */
export function requireSameShape(augment: Augmentation, { shape }: DataSet): void {
  const after = augmentedShape(augment, [...shape]);
  if (after.join() === shape.join()) return;
  throw new OptionError(
    `augment: expected images of the same shape [${shape.join(', ')}] after it, got [${after.join(', ')}]; the net labels images that are not augmented`,
  );
}

/** @internal The options that are given. */
export function given<Options extends object>(
  options: Options,
): { [Key in keyof Options]?: Exclude<Options[Key], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
