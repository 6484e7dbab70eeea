import * as tf from '@tensorflow/tfjs';
import type { HostTensor, PartState } from '../checkpoint/checkpoint-part.js';
import { CheckpointPartError } from '../checkpoint/errors.js';
import { describeTensor, fits, readTensor, writeTensor } from '../checkpoint/host-tensor.js';
import { OptimizerVariablesError } from '../errors.js';
import { requireNonNegative } from '../require-option.js';
import { runUpdateKernel } from './kernel-update.js';
import type { Gradients, Optimizer } from './optimizer.js';
import { gather, parameterBlocks, scatter } from './parameter-blocks.js';
import {
  noDecayOnBiasesAndNorms,
  type ParameterGroup,
  type ResolvedGroup,
  requireGroups,
  resolveGroups,
} from './parameter-groups.js';
import type { BlockUpdate, UpdateRule } from './update-rule.js';

/** Options that every optimiser has. */
export interface OptimizerOptions {
  readonly learningRate: number;
  /** Weights with a learning rate or a decay of their own. Each setting comes from the first group that states it. */
  readonly groups?: readonly ParameterGroup[];
  /** Decay biases and normalisation parameters (rank 0 and 1) as well. Default false. */
  readonly decayBiases?: boolean;
}

function byPosition(variables: readonly tf.Variable[], gradients: Gradients): (tf.Tensor | undefined)[] {
  const listed = Array.isArray(gradients)
    ? (gradients as readonly (tf.Tensor | undefined)[])
    : variables.map((variable) => (gradients as tf.NamedTensorMap)[variable.name]);
  if (listed.length !== variables.length) {
    throw new OptimizerVariablesError(`expected ${variables.length} gradients, got ${listed.length}`);
  }
  listed.forEach((gradient, i) => {
    const { name, shape } = variables[i]!;
    // Absent where the loss does not depend on the variable.
    if (gradient && !tf.util.arraysEqual(gradient.shape, shape)) {
      throw new OptimizerVariablesError(
        `gradient of ${name}: expected shape [${shape.join(', ')}], got [${gradient.shape.join(', ')}]`,
      );
    }
  });
  return [...listed];
}

interface Bound {
  readonly variables: readonly tf.Variable[];
  readonly groups: readonly ResolvedGroup[];
  /** By slot, then by variable. */
  readonly slots: tf.Tensor[][];
}

/** The optimiser that follows a rule. */
export class RuleOptimizer implements Optimizer {
  readonly learningRate: number;
  readonly #rule: UpdateRule;
  readonly #groups: readonly ParameterGroup[];
  #bound: Bound | null = null;
  #steps = 0;

  constructor({ learningRate, groups = [], decayBiases = false }: OptimizerOptions, rule: UpdateRule) {
    requireNonNegative(`${rule.kind}: learningRate`, learningRate);
    requireGroups(rule.kind, groups);
    this.learningRate = learningRate;
    this.#groups = decayBiases ? groups : [...groups, noDecayOnBiasesAndNorms()];
    this.#rule = rule;
  }

  get steps(): number {
    return this.#steps;
  }

  apply(variables: readonly tf.Variable[], gradients: Gradients, learningRate = this.learningRate): void {
    requireNonNegative('optimizer: learningRate', learningRate);
    const listed = byPosition(variables, gradients);
    const bound = this.#bind(variables);
    this.#steps += 1;
    for (const group of bound.groups) {
      tf.tidy(() => this.#update(bound, group, listed, learningRate * group.learningRateFactor));
    }
  }

  async capture(): Promise<PartState> {
    const { kind, slots: names } = this.#rule;
    const tensors: Record<string, HostTensor> = {};
    const slots = this.#bound?.slots ?? [];
    for (const [k, list] of slots.entries()) {
      for (const [i, slot] of list.entries()) tensors[`${names[k]}/${i}`] = await readTensor(slot);
    }
    return { values: { kind, steps: this.#steps, slots: slots.length === 0 ? [] : [...names] }, tensors };
  }

  prepareRestore({ values, tensors = {} }: PartState, variables: readonly tf.Variable[]): () => void {
    const { kind, slots: names } = this.#rule;
    const saved = values as { readonly kind: string; readonly steps: number; readonly slots: readonly string[] };
    const expected = saved?.steps === 0 ? '' : names.join(', ');
    if (saved?.kind !== kind || saved.slots.join(', ') !== expected) {
      const got = saved === null || saved === undefined ? 'nothing' : `${saved.kind} with [${saved.slots?.join(', ')}]`;
      throw new CheckpointPartError(
        `expected the state of the optimiser ${kind} with [${expected}], got ${got}; go on with the optimiser that was saved`,
      );
    }
    const lists = saved.steps === 0 ? [] : names;
    for (const name of lists) {
      variables.forEach((variable, i) => {
        const slot = tensors[`${name}/${i}`];
        if (!fits(slot, variable)) {
          throw new CheckpointPartError(
            `slot ${name} of ${variable.name}: expected ${describeTensor(variable)}, got ${describeTensor(slot)}`,
          );
        }
      });
    }
    return () => {
      this.dispose();
      this.#steps = saved.steps;
      if (saved.steps === 0) return;
      this.#bind(variables, (k, i) => writeTensor(tensors[`${names[k]}/${i}`]!));
    };
  }

  dispose(): void {
    tf.dispose(this.#bound?.slots ?? []);
    this.#bound = null;
    this.#steps = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #bind(
    variables: readonly tf.Variable[],
    makeSlot = (_slot: number, i: number): tf.Tensor => tf.zerosLike(variables[i]!),
  ): Bound {
    if (this.#bound === null) {
      const { slots, weightDecay } = this.#rule;
      const groups = resolveGroups(variables, this.#groups, weightDecay);
      const make = (k: number) => variables.map((_, i) => tf.keep(makeSlot(k, i)));
      this.#bound = { variables: [...variables], groups, slots: slots.map((_, k) => make(k)) };
    } else if (
      variables.length !== this.#bound.variables.length ||
      variables.some((variable, i) => variable !== this.#bound!.variables[i])
    ) {
      throw new OptimizerVariablesError(
        'an optimiser belongs to the variables of its first step: expected the same ones in the same order, got others; ' +
          'make one optimiser for each model',
      );
    }
    return this.#bound;
  }

  #update(bound: Bound, group: ResolvedGroup, gradients: readonly (tf.Tensor | undefined)[], rate: number): void {
    const { decay, kernel, prepare } = this.#rule;
    const lambda = group.weightDecay;
    const coupled = decay === 'coupled' && lambda > 0 ? tf.scalar(lambda) : null;
    const keep = decay === 'decoupled' ? 1 - rate * lambda : 1;
    const gradientOf = (i: number) => gradients[i] ?? tf.zerosLike(bound.variables[i]!);
    const decayed = (gradient: tf.Tensor, weights: tf.Tensor) =>
      coupled === null ? gradient : tf.add(gradient, tf.mul(weights, coupled));
    if (kernel !== undefined && tf.getKernel(kernel.name, tf.getBackend()) !== undefined) {
      const variables = group.positions.map((i) => bound.variables[i]!);
      const own = group.positions.map((i) => decayed(gradientOf(i), bound.variables[i]!));
      const slots = bound.slots.map((list) => group.positions.map((i) => list[i]!));
      const settings = kernel.settings(rate, this.#steps, keep);
      const [next, ...nextSlots] = runUpdateKernel(kernel.name, [variables, ...slots, own], settings);
      variables.forEach((variable, i) => {
        variable.assign(next![i]!);
      });
      this.#replaceSlots(bound, group.positions, nextSlots);
      return;
    }
    const update = prepare(rate, this.#steps);
    const shrink = keep === 1 ? null : tf.scalar(keep);
    for (const positions of parameterBlocks(bound.variables, group.positions)) {
      tf.tidy(() => {
        const weights = gather(positions.map((i) => bound.variables[i]!));
        const gradient = decayed(gather(positions.map(gradientOf)), weights);
        this.#updateBlock(bound, positions, update, gradient, shrink === null ? weights : tf.mul(weights, shrink));
      });
    }
  }

  #updateBlock(
    bound: Bound,
    positions: readonly number[],
    update: BlockUpdate,
    gradient: tf.Tensor,
    kept: tf.Tensor,
  ): void {
    const sizes = positions.map((i) => bound.variables[i]!.size);
    const next = update(
      gradient,
      bound.slots.map((list) => gather(positions.map((i) => list[i]!))),
    );
    scatter(tf.sub(kept, next.step), sizes).forEach((values, k) => {
      bound.variables[positions[k]!]!.assign(values);
    });
    this.#replaceSlots(
      bound,
      positions,
      next.slots.map((slot) => scatter(slot, sizes)),
    );
  }

  #replaceSlots(bound: Bound, positions: readonly number[], next: readonly (readonly tf.Tensor[])[]): void {
    next.forEach((list, k) => {
      positions.forEach((i, j) => {
        bound.slots[k]![i]!.dispose();
        bound.slots[k]![i] = tf.keep(list[j]!);
      });
    });
  }
}
