import * as tf from '@tensorflow/tfjs';
import type { Distance } from '../distances/distance.js';
import type { Labels } from '../labels.js';
import {
  type Comparison,
  type ComparisonInputs,
  comparisonFrame,
  distanceMatrix,
  withValues,
} from '../pairs/comparison.js';
import { ALL_TRIPLETS, requireTuples, type Tuples } from '../pairs/tuples.js';
import type { Reducer } from '../reducers/reducer.js';
import type { LossOptions } from './loss-options.js';

/** A loss and its gradient with respect to the values of a comparison. */
export interface Evaluation {
  readonly value: number;
  /** `[rows × columns]`. */
  readonly gradient: Float32Array;
}

/** What a loss takes where the options say nothing. */
export interface LossDefaults {
  readonly distance: Distance;
  readonly reducer: Reducer;
}

/** Distances, mining, loss and reduction as one scalar that TensorFlow.js can differentiate once. */
export function batchLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { distance, miner, reducer, reference }: LossOptions,
  defaults: LossDefaults,
  evaluate: (comparison: Comparison, tuples: Tuples, reducer: Reducer) => Evaluation,
): tf.Scalar {
  const inputs: ComparisonInputs = { embeddings, labels, distance: distance ?? defaults.distance, reference };
  const frame = comparisonFrame(inputs);
  return tf.tidy(() => {
    const operation = tf.customGrad((matrix) => {
      const comparison = withValues(frame, (matrix as tf.Tensor2D).dataSync<'float32'>());
      const chosen = typeof miner === 'function' ? miner(comparison) : (miner ?? ALL_TRIPLETS);
      const tuples = requireTuples(chosen, frame.rows, frame.columns);
      const { value, gradient } = evaluate(comparison, tuples, reducer ?? defaults.reducer);
      return {
        value: tf.scalar(value),
        gradFunc: (dy: tf.Tensor) => {
          const factor = dy.dataSync()[0]!;
          const scaled = factor === 1 ? gradient : gradient.map((slope) => factor * slope);
          return tf.tensor2d(scaled, [frame.rows, frame.columns]);
        },
      };
    });
    return operation(distanceMatrix(inputs)) as tf.Scalar;
  });
}
