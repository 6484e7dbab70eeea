import { createRng } from '@tensor-papers/numerics/random';
import type { ModelFactory } from '@tensor-papers/tensor-core/nn';
import type * as tf from '@tensorflow/tfjs';
import { requireInteger } from './checks.js';
import { OptionError } from './errors.js';
import { headNumbers } from './heads.js';
import { outputShape, TriNet } from './tri-net.js';

/** What a net is made of. */
export interface TriNetFactories {
  /** Makes M_S, images → features `[B, …]` of any shape. */
  readonly trunk: ModelFactory;
  /**
   * Make M_1, M_2, M_3, features → logits `[B, C]`. They should differ in kind (kernel size, residual or plain, depth): heads that
   * are alike make the same mistakes.
   */
  readonly heads: readonly ModelFactory[];
}

/** Options of {@link createTriNet}. */
export interface CreateTriNetOptions extends TriNetFactories {
  /** Shape of one input without the batch: `[h, w, c]` for images. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  /** Decides all initial weights and dropout masks; trunk and heads get different seeds of it. */
  readonly seed: number;
}

/**
 * Makes a trunk and three heads on it.
 *
 * @returns the net; the caller disposes it
 * @throws OptionError for another number of heads; ModuleError for models with several inputs or outputs, heads of another width
 *   than the classes or that share weights; whatever the factories throw. Nothing leaks then.
 * @example
 * const net = createTriNet({ trunk, heads: [plain3, plain5, residual], inputShape: [28, 28, 1], classes: 10, seed: 1 });
 */
export function createTriNet({ trunk, heads, inputShape, classes, seed }: CreateTriNetOptions): TriNet {
  requireInteger('classes', classes, 1);
  if (heads.length !== headNumbers.length) {
    throw new OptionError(`heads: expected 3 factories, got ${heads.length}`);
  }
  const rng = createRng(seed);
  const made: tf.LayersModel[] = [];
  try {
    made.push(trunk({ seed: rng.stream('trunk').seed(), inputShape, classes }));
    const features = outputShape('the trunk', made[0]!).slice(1) as number[];
    heads.forEach((head, i) => {
      made.push(
        head({
          seed: rng
            .stream('head')
            .stream(i + 1)
            .seed(),
          inputShape: features,
          classes,
        }),
      );
    });
    return new TriNet(made[0]!, made.slice(1), classes);
  } catch (error) {
    for (const model of new Set(made)) model.dispose();
    throw error;
  }
}
