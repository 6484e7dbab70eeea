import * as tf from '@tensorflow/tfjs';
import { OptimizerVariablesError } from '../errors.js';
import { requireNonNegative } from '../require-option.js';
import type { Gradients, Optimizer } from './optimizer.js';
import { assign, gather, type ParameterBlock, parameterBlocks } from './parameter-blocks.js';

/** One block's state before or after a step. */
export interface BlockState {
  readonly parameters: tf.Tensor;
  readonly slots: readonly tf.Tensor[];
}

/** Computes a block's next state. Runs inside a `tf.tidy`. */
export type BlockUpdate = (state: BlockState, gradient: tf.Tensor, decays: boolean) => BlockState;

/** What tells one optimiser from another. */
export interface UpdateRule {
  /** Tensors of the parameters' shape that are kept from step to step; they start at 0. */
  readonly slots: number;
  /** Makes the update of step `step` (counted from 1); constants become scalars here, once for all blocks. */
  prepare(learningRate: number, step: number): BlockUpdate;
}

/** Options that every optimiser has. */
export interface BlockOptimizerOptions {
  readonly learningRate: number;
  /** Decay biases and normalisation parameters (rank 0 and 1) as well. Default false. */
  readonly decayBiases?: boolean;
}

interface KeptBlock extends ParameterBlock {
  slots: readonly tf.Tensor[];
}

function byPosition(variables: readonly tf.Variable[], gradients: Gradients): (tf.Tensor | undefined)[] {
  if (!Array.isArray(gradients)) {
    return variables.map((variable) => (gradients as tf.NamedTensorMap)[variable.name]);
  }
  if (gradients.length !== variables.length) {
    throw new OptimizerVariablesError(`expected ${variables.length} gradients, got ${gradients.length}`);
  }
  return [...gradients];
}

/** An optimiser that works block by block: few kernels a step, and no more than one block's intermediates at a time. */
export class BlockOptimizer implements Optimizer {
  readonly learningRate: number;
  readonly #decayBiases: boolean;
  readonly #rule: UpdateRule;
  #blocks: KeptBlock[] | null = null;
  #variables: readonly tf.Variable[] = [];
  #steps = 0;

  constructor(options: BlockOptimizerOptions, rule: UpdateRule) {
    requireNonNegative('optimizer: learningRate', options.learningRate);
    this.learningRate = options.learningRate;
    this.#decayBiases = options.decayBiases ?? false;
    this.#rule = rule;
  }

  get steps(): number {
    return this.#steps;
  }

  apply(variables: readonly tf.Variable[], gradients: Gradients, learningRate = this.learningRate): void {
    requireNonNegative('optimizer: learningRate', learningRate);
    const listed = byPosition(variables, gradients);
    listed.forEach((gradient, i) => {
      const { name, shape } = variables[i]!;
      if (gradient !== undefined && !tf.util.arraysEqual(gradient.shape, shape)) {
        throw new OptimizerVariablesError(
          `gradient of ${name}: expected shape [${shape.join(', ')}], got [${gradient.shape.join(', ')}]`,
        );
      }
    });
    const blocks = this.#bind(variables);
    this.#steps += 1;
    tf.tidy(() => {
      const update = this.#rule.prepare(learningRate, this.#steps);
      for (const block of blocks) this.#step(block, listed, update);
    });
  }

  dispose(): void {
    tf.dispose(this.#blocks?.flatMap((block) => [...block.slots]) ?? []);
    this.#blocks = null;
    this.#variables = [];
    this.#steps = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #bind(variables: readonly tf.Variable[]): KeptBlock[] {
    if (this.#blocks === null) {
      const { slots } = this.#rule;
      this.#variables = [...variables];
      this.#blocks = parameterBlocks(variables).map((block) => ({
        ...block,
        slots: Array.from({ length: slots }, () => tf.keep(tf.zeros([...block.shape]))),
      }));
    } else if (variables.length !== this.#variables.length || variables.some((v, i) => v !== this.#variables[i])) {
      throw new OptimizerVariablesError(
        'an optimiser belongs to the variables of its first step: expected the same ones in the same order, got others; ' +
          'make one optimiser for each model',
      );
    }
    return this.#blocks;
  }

  #step(block: KeptBlock, gradients: readonly (tf.Tensor | undefined)[], update: BlockUpdate): void {
    tf.tidy(() => {
      const parts = block.positions.map((i, k) => gradients[i] ?? tf.zerosLike(block.variables[k]!));
      const decays = this.#decayBiases || block.shape.length > 1;
      const next = update({ parameters: gather(block.variables), slots: block.slots }, gather(parts), decays);
      assign(block, next.parameters);
      for (const slot of next.slots) tf.keep(slot);
      tf.dispose([...block.slots]);
      block.slots = next.slots;
    });
  }
}
