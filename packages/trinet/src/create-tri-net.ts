import { createRng } from '@tensor-papers/numerics/random';
import type { ModelFactory } from '@tensor-papers/tensor-core/nn';
import type * as tf from '@tensorflow/tfjs';
import { requireInteger } from './checks.js';
import { ModuleError, OptionError } from './errors.js';
import { headNumbers } from './heads.js';
import { TriNet } from './tri-net.js';

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
    const features = requireOutput('the trunk', made[0]!).slice(1) as number[];
    heads.forEach((head, i) => {
      const model = head({
        seed: rng
          .stream('head')
          .stream(i + 1)
          .seed(),
        inputShape: features,
        classes,
      });
      requireOwnWeights(i + 1, model, made);
      made.push(model);
      const shape = requireOutput(`head ${i + 1}`, model);
      if (shape.length !== 2 || shape[1] !== classes) {
        throw new ModuleError(
          `head ${i + 1}: expected logits [B, ${classes}], one for each class, got [${['B', ...shape.slice(1)].join(', ')}]`,
        );
      }
    });
  } catch (error) {
    for (const model of made) model.dispose();
    throw error;
  }
  return new TriNet(made[0]!, made.slice(1), classes);
}

function requireOutput(what: string, model: tf.LayersModel): tf.Shape {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new ModuleError(
      `${what}: expected a model of one input and one output, got ${model.inputs.length} and ${model.outputs.length}`,
    );
  }
  return model.outputs[0]!.shape;
}

function requireOwnWeights(head: number, model: tf.LayersModel, others: readonly tf.LayersModel[]): void {
  const taken = new Set<unknown>(others.flatMap(({ weights }) => weights));
  if (others.includes(model) || model.weights.some((weight) => taken.has(weight))) {
    throw new ModuleError(
      `head ${head} shares weights with the trunk or an earlier head: expected a fresh model from every factory; make layers inside it`,
    );
  }
}
