import { createRng } from '@tensor-papers/numerics/random';
import type * as tf from '@tensorflow/tfjs';

/** What a model factory is told: everything that decides a fresh model. */
export interface ModelContext {
  /** Decides the initial weights and the dropout masks. */
  readonly seed: number;
  /** Shape of one input without the batch: `[h, w, c]` for images. */
  readonly inputShape: readonly number[];
  /** Number of classes C. */
  readonly classes: number;
}

/**
 * Makes a fresh classifier that maps `[B, ...inputShape]` float32 to logits `[B, C]`, or, where an option leaves the
 * classifier out, to embeddings `[B, D]`.
 *
 * The same context gives bit-equal weights; another seed gives other weights. The caller disposes the model.
 */
export type ModelFactory = (context: ModelContext) => tf.LayersModel;

/** A model factory was given a context or options that no model can be made of. */
export class ModelConfigurationError extends Error {
  readonly code = 'nn/bad-configuration';
  override readonly name = 'ModelConfigurationError';
}

/** @internal Throws unless the value is an integer of at least `minimum`. */
export function requireInteger(what: string, value: number, minimum: number): void {
  if (!Number.isInteger(value) || value < minimum) {
    throw new ModelConfigurationError(`${what}: expected an integer of at least ${minimum}, got ${value}`);
  }
}

/** @internal Throws unless the context describes inputs of one of the ranks and at least one class. */
export function requireContext(factory: string, context: ModelContext, ranks: readonly number[] = []): void {
  requireInteger(`${factory}: classes`, context.classes, 1);
  requireSeed(factory, context.seed);
  const { inputShape } = context;
  if (ranks.length > 0 && !ranks.includes(inputShape.length)) {
    throw new ModelConfigurationError(
      `${factory}: inputShape: expected [height, width, channels], got [${inputShape.join(', ')}]`,
    );
  }
  if (inputShape.length === 0) {
    throw new ModelConfigurationError(`${factory}: inputShape: expected at least one dimension, got []`);
  }
  for (const size of inputShape) requireInteger(`${factory}: inputShape [${inputShape.join(', ')}]`, size, 1);
}

/** @internal Throws unless the images are at least `smallest` pixels high and wide. */
export function requireSide(factory: string, inputShape: readonly number[], smallest: number): void {
  if (inputShape[0]! < smallest || inputShape[1]! < smallest) {
    throw new ModelConfigurationError(
      `${factory}: inputShape: expected images of at least ${smallest}×${smallest}, got [${inputShape.join(', ')}]; enlarge them or take another network`,
    );
  }
}

/** @internal Throws unless the seed is a safe integer. */
export function requireSeed(what: string, seed: number): void {
  if (!Number.isSafeInteger(seed)) {
    throw new ModelConfigurationError(`${what}: seed: expected a safe integer, got ${seed}`);
  }
}

/** @internal Throws unless the rate lies in [0, 1). */
export function requireDropoutRate(factory: string, rate: number): void {
  if (!(rate >= 0 && rate < 1)) {
    throw new ModelConfigurationError(`${factory}: dropout: expected a rate in [0, 1), got ${rate}`);
  }
}

/**
 * @internal A seed for each named layer, derived from the context's.
 *
 * Never 0: TensorFlow.js takes the seed 0 for "no seed" and draws a random one.
 */
export function layerSeeds(context: ModelContext): (layer: string) => number {
  const rng = createRng(context.seed).stream('model');
  return (layer) => rng.stream(layer).seed() || 1;
}
