import * as tf from '@tensorflow/tfjs';
import { drawingLayers } from '../checkpoint/checkpoint-parts.js';
import { clipByGlobalNorm } from '../clip-by-global-norm.js';
import { clipByValue } from '../clip-by-value.js';
import { TrainingDivergedError } from '../errors.js';
import type { StepOutcome } from '../loop/loop-options.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { readScalar } from '../read-scalar.js';
import { type Trainable, variablesOf } from '../trainable.js';
import { GradientAccumulator } from './accumulate.js';
import { type ComputedGradients, computeGradients } from './compute-gradients.js';
import type { LossValue } from './loss-value.js';

/** A step's settings. */
export interface StepSettings {
  readonly optimizer: Optimizer;
  /** Default: the optimiser's own. */
  readonly learningRate?: number;
  /** Clips the gradients' global norm. */
  readonly clipNorm?: number;
  /** Limits each value of the gradients, before the norm is clipped. */
  readonly clipValue?: number;
  /** Where the run stands, for error messages. */
  readonly at?: { readonly step: number; readonly epoch: number };
}

/** Options of {@link gradientStep}. */
export interface GradientStepOptions extends StepSettings {
  /** What is trained: gradients go to its trainable weights. Several models share one optimiser here. */
  readonly models: readonly Trainable[];
  /** Computes the loss with the models; runs once, inside a `tf.tidy`. */
  loss(): LossValue;
}

/**
 * One step of one optimiser: loss → gradient → (clip) → update.
 *
 * The loss is read back before the update. Where it is not finite, or anything throws, weights, moving statistics and dropout of
 * the models are those before the step.
 *
 * @returns the loss and what is logged of it
 * @throws TrainingDivergedError when the loss (or, with `clipNorm`, the gradient's norm) is NaN or infinite; LossShapeError;
 *   whatever the loss throws. Nothing leaks then.
 * @example
 * const { loss } = await gradientStep({ models: [critic], optimizer, loss: () => tf.mean(critic.apply(x, { training: true })) });
 */
export async function gradientStep({ models, loss, ...settings }: GradientStepOptions): Promise<StepOutcome> {
  return await accumulatedStep(stepModels(models), settings, async (pass) => {
    await pass(loss, 1);
  });
}

/** @internal What a step needs to know of its models: the same for all steps, and not cheap to ask for. */
export interface StepModels {
  readonly variables: readonly tf.Variable[];
  /** What a forward pass moves: the statistics of normalisation. */
  readonly statistics: readonly tf.Variable[];
  /** Layers that count what they draw, such as dropout. */
  readonly layers: readonly { draws: number }[];
}

/** @internal */
export function stepModels(models: readonly Trainable[]): StepModels {
  const trained = new Set(models.flatMap((model) => variablesOf(model.trainableWeights)));
  const all = new Set(models.flatMap((model) => variablesOf(model.weights)));
  return {
    variables: [...trained],
    statistics: [...all].filter((variable) => !trained.has(variable)),
    layers: models.flatMap(drawingLayers),
  };
}

/** Runs a loss forward and backward, and adds its gradients to those of the step. */
export type GradientPass = (loss: () => LossValue, examples: number) => Promise<void>;

/** @internal A step whose gradients are those of all passes together, weighted by their examples. */
export async function accumulatedStep(
  models: StepModels,
  settings: StepSettings,
  passes: (pass: GradientPass) => Promise<void>,
): Promise<StepOutcome> {
  const { optimizer, learningRate = optimizer.learningRate } = settings;
  const { variables } = models;
  const restore = rememberForwardState(models);
  const gradients = new StepGradients();
  try {
    await passes((loss, examples) => gradients.add(computeGradients(variables, loss), examples));
    const outcome = await gradients.finish(settings);
    const finite = Number.isFinite(outcome.loss) && Number.isFinite(outcome.gradientNorm ?? 0);
    if (!finite) throw new TrainingDivergedError({ step: 0, epoch: 0, ...settings.at, learningRate, ...outcome });
    optimizer.apply(variables, gradients.values, learningRate);
    restore.forget();
    return { ...outcome, learningRate };
  } catch (error) {
    restore.apply();
    throw error;
  } finally {
    gradients.dispose();
  }
}

/** Remembers what a forward pass moves. */
function rememberForwardState({ statistics, layers }: StepModels) {
  const before = statistics.map((variable) => tf.clone(variable));
  const draws = layers.map((layer) => layer.draws);
  return {
    apply(): void {
      statistics.forEach((variable, i) => {
        variable.assign(before[i]!);
      });
      layers.forEach((layer, i) => {
        layer.draws = draws[i]!;
      });
      tf.dispose(before);
    },
    forget: () => tf.dispose(before),
  };
}

/** The gradients of a step, from one pass or several. */
class StepGradients {
  #first: { readonly computed: ComputedGradients; readonly examples: number } | null = null;
  #sum: GradientAccumulator | null = null;
  values: tf.NamedTensorMap = {};

  async add(computed: ComputedGradients, examples: number): Promise<void> {
    if (this.#first === null && this.#sum === null) {
      this.#first = { computed, examples };
      return;
    }
    // A step of one pass never multiplies and divides by its examples.
    if (this.#sum === null) {
      const first = this.#first!;
      this.#first = null;
      this.#sum = new GradientAccumulator();
      await this.#sum.add(first.computed, first.examples);
    }
    await this.#sum.add(computed, examples);
  }

  async finish({ clipNorm, clipValue }: StepSettings): Promise<Omit<StepOutcome, 'learningRate'>> {
    const { gradients, ...read } = this.#sum === null ? await readPass(this.#first!.computed) : this.#sum.finish();
    this.values = gradients;
    if (clipValue !== undefined) this.#replace(clipByValue(gradients, clipValue));
    if (clipNorm === undefined) return read;
    const clipped = clipByGlobalNorm(this.values, clipNorm);
    this.#replace(clipped.gradients);
    const gradientNorm = await readScalar(clipped.norm);
    clipped.norm.dispose();
    return { ...read, gradientNorm };
  }

  dispose(): void {
    tf.dispose(this.values);
    this.#sum?.dispose();
    if (this.#first === null) return;
    const { total, terms, gradients } = this.#first.computed;
    total.dispose();
    if (terms !== undefined) tf.dispose(terms);
    // Where it ended before they became the step's.
    if (this.values !== gradients) tf.dispose(gradients);
  }

  #replace(next: tf.NamedTensorMap): void {
    tf.dispose(this.values);
    this.values = next;
  }
}

async function readPass({ total, terms, gradients }: ComputedGradients) {
  const names = Object.keys(terms ?? {});
  const values = await Promise.all([total, ...names.map((name) => terms![name]!)].map(readScalar));
  const losses = Object.fromEntries(names.map((name, i) => [name, values[i + 1]!]));
  return { gradients, loss: values[0]!, ...(terms === undefined ? {} : { losses }) };
}
