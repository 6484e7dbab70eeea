import * as tf from '@tensorflow/tfjs';
import type { CheckpointPart, PartState } from './checkpoint/checkpoint-part.js';
import { CheckpointPartError } from './checkpoint/errors.js';
import { writeTensor } from './checkpoint/host-tensor.js';
import { captureTensors, requireTensors } from './checkpoint/tensor-parts.js';
import { type NamedVariable, nameVariables } from './checkpoint/weight-names.js';
import { OptimizerVariablesError } from './errors.js';
import { runUpdateKernel } from './optimizers/kernel-update.js';
import { gather, parameterBlocks, scatter } from './optimizers/parameter-blocks.js';
import { requireFraction } from './require-option.js';
import { type Trainable, variablesOf } from './trainable.js';

/** Options of {@link Ema}. */
export interface EmaOptions {
  /** d in [0, 1), or d at each update (counted from 0). Default 0.999. */
  readonly decay?: number | ((update: number) => number);
  /** Use min(d, (1 + t)/(10 + t)) at update t, so that the first weights are soon forgotten. Default false. */
  readonly warmUp?: boolean;
}

const AVERAGE_KERNEL = 'TensorPapersSgd';

/**
 * Exponential moving average of a model's weights, moving statistics included: a ← d·a + (1 − d)·w after each step, a = w at first.
 *
 * Holds a copy of the weights until `dispose()`. `fit({ ema })` updates it and puts it into checkpoints.
 *
 * @throws TrainOptionError for a decay outside [0, 1)
 * @example
 * const ema = new Ema(model, { decay: 0.999, warmUp: true });
 * await fit({ model, ema, … });
 * ema.swap(); // the model computes with the average
 * ema.swap(); // and with its own weights again
 */
export class Ema implements CheckpointPart {
  readonly #decay: (update: number) => number;
  readonly #weights: readonly NamedVariable[];
  #average: tf.Tensor[];
  #updates = 0;
  #swapped = false;

  constructor(model: Pick<Trainable, 'weights'>, { decay = 0.999, warmUp = false }: EmaOptions = {}) {
    if (typeof decay === 'number') requireFraction('Ema: decay', decay);
    const base = typeof decay === 'number' ? () => decay : decay;
    this.#decay = warmUp ? (t) => Math.min(base(t), (1 + t) / (10 + t)) : base;
    this.#weights = nameVariables(model.weights);
    this.#average = this.#weights.map(({ variable }) => tf.keep(tf.clone(variable)));
  }

  /** Updates so far. */
  get updates(): number {
    return this.#updates;
  }

  /** Whether the model holds the average now, and this object the model's own weights. */
  get swapped(): boolean {
    return this.#swapped;
  }

  /** Takes the model's present weights into the average. */
  update(): void {
    if (this.#swapped) throw new OptimizerVariablesError('Ema: the model holds the average: swap back before updating');
    const decay = this.#decay(this.#updates);
    requireFraction('Ema: decay', decay);
    this.#updates += 1;
    const variables = this.#weights.map(({ variable }) => variable);
    if (variables.length === 0) return;
    const average = this.#average;
    const positions = variables.map((_, i) => i);
    const replaceAll = (block: readonly number[], next: readonly tf.Tensor[]) => {
      block.forEach((i, k) => {
        average[i]!.dispose();
        average[i] = tf.keep(next[k]!);
      });
    };
    if (tf.getKernel(AVERAGE_KERNEL, tf.getBackend()) !== undefined) {
      // keep · a − rate · w with rate = d − 1 and keep = d.
      tf.tidy(() => {
        const [next] = runUpdateKernel(AVERAGE_KERNEL, [[...average], variables], [decay - 1, decay]);
        replaceAll(positions, next!);
      });
      return;
    }
    const take = tf.scalar(1 - decay);
    for (const block of parameterBlocks(variables, positions)) {
      tf.tidy(() => {
        const own = gather(block.map((i) => average[i]!));
        const next = tf.add(own, tf.mul(tf.sub(gather(block.map((i) => variables[i]!)), own), take));
        const sizes = block.map((i) => variables[i]!.size);
        replaceAll(block, scatter(next, sizes));
      });
    }
    take.dispose();
  }

  /** Exchanges the model's weights and the average; called again, it exchanges them back. */
  swap(): void {
    this.#weights.forEach(({ variable }, i) => {
      const own = tf.keep(tf.clone(variable));
      variable.assign(this.#average[i]!);
      this.#average[i]!.dispose();
      this.#average[i] = own;
    });
    this.#swapped = !this.#swapped;
  }

  /**
   * Writes the average into another model of the same structure, such as a teacher.
   *
   * @throws OptimizerVariablesError for a model with other weights
   */
  applyTo(model: Pick<Trainable, 'weights'>): void {
    const targets = variablesOf(model.weights);
    const source = this.#swapped ? this.#weights.map(({ variable }) => variable) : this.#average;
    const wrong = this.#weights.findIndex(
      ({ variable }, i) => !tf.util.arraysEqual(variable.shape, targets[i]?.shape ?? [-1]),
    );
    if (targets.length !== source.length || wrong >= 0) {
      const which = wrong < 0 ? '' : `; they differ in ${this.#weights[wrong]!.name}`;
      throw new OptimizerVariablesError(
        `Ema: expected a model with the same ${source.length} weights, got ${targets.length}${which}`,
      );
    }
    targets.forEach((target, i) => {
      target.assign(source[i]!);
    });
  }

  async capture(): Promise<PartState> {
    const named = this.#weights.map(({ name }, i) => ({ name, variable: this.#average[i]! }));
    return { values: { updates: this.#updates, swapped: this.#swapped }, tensors: await captureTensors(named) };
  }

  prepareRestore(state: PartState): () => void {
    requireTensors('average of weights', this.#weights, state);
    const { updates, swapped } = (state.values ?? {}) as { updates?: unknown; swapped?: unknown };
    if (!Number.isInteger(updates) || typeof swapped !== 'boolean') {
      throw new CheckpointPartError(`Ema: expected updates and swapped, got ${JSON.stringify(state.values)}`);
    }
    return () => {
      tf.dispose(this.#average);
      this.#average = this.#weights.map(({ name }) => tf.keep(writeTensor(state.tensors![name]!)));
      this.#updates = updates as number;
      this.#swapped = swapped;
    };
  }

  dispose(): void {
    tf.dispose(this.#average);
    this.#average = [];
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
