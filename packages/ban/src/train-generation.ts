import { createRng } from '@tensor-papers/numerics/random';
import type { ModelFactory } from '@tensor-papers/tensor-core/nn';
import { type Batch, batches, fit, type Optimizer } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';
import type { BornAgainSettings } from './born-again-options.js';
import { ClassCountError, SharedGenerationError } from './errors.js';
import { labelledAccuracy, logitsOf } from './evaluate-generation.js';
import type { GenerationEpoch } from './generation-report.js';
import { banLoss } from './loss.js';
import { type BanMode, usesLabels } from './mode.js';
import { drawPermutations, fixedPermutations } from './permutations.js';
import type { Classifier } from './teacher.js';
import type { TeacherLogits } from './teacher-logits.js';

/** Which generation is trained, and on what. */
export interface GenerationPlan {
  readonly generation: number;
  readonly mode: BanMode;
  readonly seed: number;
  readonly makeModel: ModelFactory;
  /** Null for generation 0. */
  readonly teacherLogits: TeacherLogits | null;
  /** Models whose weights the new one must not share. */
  readonly others: readonly Classifier[];
}

/** A model in training and its epochs; `aborted` where the signal ended it. The caller disposes the model. */
export interface TrainedGeneration {
  readonly model: tf.LayersModel;
  readonly epochs: readonly GenerationEpoch[];
  readonly aborted: boolean;
}

/** What a step's loss needs besides the batch: evaluated before the gradient is recorded. */
type StepTargets = {
  readonly logits: tf.Tensor2D | undefined;
  readonly permutation: tf.Tensor2D | undefined;
};

/** Trains one generation from fresh weights. Disposes its model when it fails. */
export async function trainGeneration(settings: BornAgainSettings, plan: GenerationPlan): Promise<TrainedGeneration> {
  const { data, classes, generations, batchSize, augment, validation, signal, on, sinks = [] } = settings;
  const { generation, mode, seed } = plan;
  await on?.generationStart?.({ generation, generations, mode, seed });
  const rng = createRng(seed);
  const order = rng.stream('batches');
  const targetsOf = stepTargets(settings, plan);
  const epochs: GenerationEpoch[] = [];
  const model = plan.makeModel({ seed, inputShape: data.shape, classes });
  let optimizer: Optimizer | null = null;
  try {
    requireOwnWeights(model, plan);
    optimizer = settings.optimizer();
    await requireClasses(`generation ${generation}`, model, settings);
    const { aborted } = await fit<StepTargets>({
      model,
      batches: (epoch) => batches(data, { batchSize, rng: order, epoch, ...(augment ? { augment } : {}) }),
      epochs: settings.epochs,
      optimizer,
      ...(settings.schedule ? { schedule: settings.schedule } : {}),
      targets: targetsOf,
      loss: (logits, { y }, targets) => lossOf(settings, mode, logits as tf.Tensor2D, y, targets),
      on: {
        step: (log) => on?.step?.({ generation, log }),
        epoch: async (log) => {
          const epoch = validation
            ? { ...log, validationAccuracy: labelledAccuracy(await logitsOf(model, validation), validation)! }
            : log;
          epochs.push(epoch);
          await on?.epoch?.({ generation, log: epoch, model });
        },
      },
      ...(signal ? { signal } : {}),
      sinks: typeof sinks === 'function' ? sinks(generation) : sinks,
    });
    return { model, epochs, aborted };
  } catch (error) {
    // A model that was handed out twice is still needed by its first generation.
    if (!plan.others.includes(model)) model.dispose();
    throw error;
  } finally {
    optimizer?.dispose();
  }
}

function lossOf(
  { labelWeight = 1, teacherWeight = 1, temperature = 1 }: BornAgainSettings,
  mode: BanMode,
  logits: tf.Tensor2D,
  labels: tf.Tensor1D | undefined,
  targets: StepTargets,
): tf.Scalar {
  const ownOptions =
    mode === 'ban+l' ? { labelWeight, teacherWeight, temperature } : mode === 'ban' ? { temperature } : {};
  return banLoss(logits, targets.logits ?? null, usesLabels(mode) ? (labels ?? null) : null, {
    mode,
    ...ownOptions,
    ...(targets.permutation ? { permutation: targets.permutation } : {}),
  });
}

function stepTargets(settings: BornAgainSettings, plan: GenerationPlan): (batch: Batch) => StepTargets {
  const { data, classes, permutations } = settings;
  const { mode, teacherLogits } = plan;
  const rng = createRng(plan.seed).stream('permutations');
  const permutationOf = ({ x, indices }: Batch) => {
    const batch = x.shape[0]!;
    const drawn =
      permutations === 'fresh'
        ? drawPermutations(batch, classes, rng)
        : fixedPermutations(
            Array.from(indices!, (index) => data.ids[index]!),
            classes,
            rng,
          );
    return tf.tensor2d(drawn, [batch, classes - 1], 'int32');
  };
  return (batch) => ({
    logits: teacherLogits?.(batch),
    permutation: mode === 'dkpp' ? permutationOf(batch) : undefined,
  });
}

/** Throws unless the classifier has the data's classes: found on one image, before anything is trained. */
export async function requireClasses(
  what: string,
  classifier: Classifier,
  { data, classes }: BornAgainSettings,
): Promise<void> {
  const logits = await logitsOf(classifier, data, [0]);
  if (logits.length !== classes) {
    throw new ClassCountError(
      `${what} has ${logits.length} classes, the data ${classes}: ` +
        'teacher and students need the same classes in the same order; give the model as many outputs',
    );
  }
}

function requireOwnWeights(model: tf.LayersModel, { generation, others }: GenerationPlan): void {
  const own = new Set<unknown>(model.weights);
  for (const other of others) {
    if ('weights' in other && (other.weights as readonly unknown[]).some((weight) => own.has(weight))) {
      throw new SharedGenerationError(
        `generation ${generation} shares weights with an earlier one: expected a fresh model from every call of makeModel; ` +
          'make layers inside it, not outside',
      );
    }
  }
}
