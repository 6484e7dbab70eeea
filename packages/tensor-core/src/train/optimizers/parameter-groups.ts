import type * as tf from '@tensorflow/tfjs';
import { OptimizerVariablesError, TrainOptionError } from '../errors.js';
import { requireNonNegative } from '../require-option.js';
import { variablesOf, type Weight } from '../trainable.js';

/** Weights with settings of their own. What a group leaves out, it leaves to later groups and to the optimiser. */
export interface ParameterGroup {
  /** Which ones: a list (such as a layer's `trainableWeights`) or a question asked of each variable. */
  readonly variables: readonly Weight[] | ((variable: tf.Variable) => boolean);
  /** Multiplies the learning rate of each step. */
  readonly learningRateFactor?: number;
  /** λ in place of the optimiser's. */
  readonly weightDecay?: number;
  /** Do not mind when no variable belongs to it. Default false. */
  readonly mayBeEmpty?: boolean;
}

/**
 * The group of all weights of rank 0 and 1 (biases, and scales and shifts of normalisation), which are not decayed.
 *
 * Optimisers put it behind the given groups unless `decayBiases`; put it first to have it win over a group's `weightDecay`.
 */
export function noDecayOnBiasesAndNorms(): ParameterGroup {
  return { variables: (variable) => variable.rank <= 1, weightDecay: 0, mayBeEmpty: true };
}

/** Variables that are updated with the same settings. */
export interface ResolvedGroup {
  readonly learningRateFactor: number;
  readonly weightDecay: number;
  /** Where its variables stand in the optimiser's list. */
  readonly positions: readonly number[];
}

/** @internal Throws for settings that make no sense. */
export function requireGroups(optimizer: string, groups: readonly ParameterGroup[]): void {
  groups.forEach(({ variables, learningRateFactor, weightDecay }, i) => {
    const what = `${optimizer}: groups[${i}]`;
    if (typeof variables !== 'function' && !Array.isArray(variables)) {
      throw new TrainOptionError(`${what}: variables: expected a list or a function, got ${typeof variables}`);
    }
    if (learningRateFactor !== undefined) requireNonNegative(`${what}: learningRateFactor`, learningRateFactor);
    if (weightDecay !== undefined) requireNonNegative(`${what}: weightDecay`, weightDecay);
  });
}

function membership(
  { variables, mayBeEmpty }: ParameterGroup,
  i: number,
  all: readonly tf.Variable[],
): Set<tf.Variable> {
  if (typeof variables !== 'function') {
    const listed = variablesOf(variables);
    const unknown = listed.find((variable) => !all.includes(variable));
    if (unknown !== undefined) {
      throw new OptimizerVariablesError(
        `groups[${i}]: expected variables that are trained, got ${unknown.name} as well; is its layer frozen, or of another model?`,
      );
    }
    return new Set(listed);
  }
  const members = new Set(all.filter((variable) => variables(variable)));
  if (members.size === 0 && !mayBeEmpty) {
    const names = all.slice(0, 5).map(({ name }) => name);
    throw new OptimizerVariablesError(
      `groups[${i}]: expected at least one variable, got none; the names are ${names.join(', ')}${all.length > 5 ? ', …' : ''}`,
    );
  }
  return members;
}

/** @internal Sorts variables by their settings: each setting comes from the first group that holds the variable and states it. */
export function resolveGroups(
  variables: readonly tf.Variable[],
  groups: readonly ParameterGroup[],
  weightDecay: number,
): ResolvedGroup[] {
  const members = groups.map((group, i) => membership(group, i, variables));
  const resolved = new Map<string, { learningRateFactor: number; weightDecay: number; positions: number[] }>();
  variables.forEach((variable, position) => {
    const own = groups.filter((_, i) => members[i]!.has(variable));
    const factor = own.find((group) => group.learningRateFactor !== undefined)?.learningRateFactor ?? 1;
    const decay = own.find((group) => group.weightDecay !== undefined)?.weightDecay ?? weightDecay;
    const key = `${factor} ${decay}`;
    const known = resolved.get(key);
    if (known) known.positions.push(position);
    else resolved.set(key, { learningRateFactor: factor, weightDecay: decay, positions: [position] });
  });
  return [...resolved.values()];
}
