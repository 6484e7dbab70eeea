import type * as tf from '@tensorflow/tfjs';
import { ModelOutputError } from './errors.js';

/** A weight: a variable, or a layer's weight that gives one when read. */
export type Weight = tf.Variable | Pick<tf.LayerVariable, 'read'>;

/** Anything that can be trained. A `tf.LayersModel` with one input and one output is one. */
export interface Trainable {
  apply(
    x: tf.Tensor,
    options: { training: boolean },
  ): tf.Tensor | tf.Tensor[] | tf.SymbolicTensor | tf.SymbolicTensor[];
  readonly trainableWeights: readonly Weight[];
  /** All weights, moving statistics included. */
  readonly weights: readonly Weight[];
}

/** The variables behind the weights: updating them updates the model. */
export function variablesOf(weights: readonly Weight[]): tf.Variable[] {
  // A layer's weight reads as its variable itself, though it is typed as a tensor.
  return weights.map((weight) => ('read' in weight ? weight.read() : weight) as tf.Variable);
}

/** The model's output for a batch, checked to be one tensor with a row per example. */
export function applyModel(model: Pick<Trainable, 'apply'>, x: tf.Tensor, training: boolean): tf.Tensor {
  const output = model.apply(x, { training });
  const rows = x.shape[0];
  if (Array.isArray(output) || !('dataId' in output)) {
    throw new ModelOutputError(
      `expected the model to return one tensor of logits, got ${Array.isArray(output) ? `${output.length} outputs` : 'a symbolic tensor'}`,
    );
  }
  if (output.rank < 2 || output.shape[0] !== rows) {
    throw new ModelOutputError(`expected logits [${rows}, classes] from the model, got [${output.shape.join(', ')}]`);
  }
  return output;
}
