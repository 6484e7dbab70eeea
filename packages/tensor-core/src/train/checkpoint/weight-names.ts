import type * as tf from '@tensorflow/tfjs';
import { variablesOf, type Weight } from '../trainable.js';

/** A weight's name in files, and the variable behind it. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** What TensorFlow.js counts up within a process: `dense_Dense3/kernel`, `17`. */
const COUNTED_LAYER = /^(.+_[A-Z]\w*?)\d+\//;

function stableName(weight: Weight): string {
  const { originalName, name = 'weight' } = weight as { originalName?: string; name?: string };
  return (originalName ?? name).replace(COUNTED_LAYER, '$1/').replace(/^\d+$/, 'variable');
}

/**
 * Names that the same model has in every process: without the numbers that TensorFlow.js counts up, and with `#2`, `#3`, … where
 * a name comes again.
 */
export function nameVariables(weights: readonly Weight[]): NamedVariable[] {
  const seen = new Map<string, number>();
  const variables = variablesOf(weights);
  return weights.map((weight, i) => {
    const name = stableName(weight);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { name: count === 1 ? name : `${name}#${count}`, variable: variables[i]! };
  });
}
