import * as tf from '@tensorflow/tfjs';
import { requireFraction, requirePositive } from '../require-option.js';
import { type DecayOptions, requireDecay } from './decay.js';
import type { Optimizer } from './optimizer.js';
import { type OptimizerOptions, RuleOptimizer } from './rule-optimizer.js';
import type { BlockUpdate } from './update-rule.js';

/** Options of {@link adam}. */
export interface AdamOptions extends OptimizerOptions, DecayOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** ε > 0, added to the root of the corrected second moment. Default 1e-8. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba, 2015, Algorithm 1), with weight decay.
 *
 *     coupled:  g ← g + λw          decoupled:  w ← (1 − ηλ) w
 *     m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g²
 *     w ← w − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * Weights of rank 0 and 1 (biases, norms) are not decayed unless `decayBiases`. The caller disposes the optimiser.
 *
 * @throws TrainOptionError for values out of range
 * @example
 * const optimizer = adam({ learningRate: 1e-3 });
 */
export function adam(options: AdamOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  requireFraction('adam: beta1', beta1);
  requireFraction('adam: beta2', beta2);
  requirePositive('adam: epsilon', epsilon);

  // √(v/c²) + ε = (√v + cε)/c: both corrections move into rate and floor.
  function corrected(first: number, second: number, learningRate: number, step: number): [number, number] {
    const secondCorrection = Math.sqrt(1 - second ** step);
    return [(learningRate * secondCorrection) / (1 - first ** step), epsilon * secondCorrection];
  }

  function prepare(learningRate: number, step: number): BlockUpdate {
    const [rate, floor] = corrected(beta1, beta2, learningRate, step).map((value) => tf.scalar(value)) as [
      tf.Scalar,
      tf.Scalar,
    ];
    const keepFirst = tf.scalar(beta1);
    const takeFirst = tf.scalar(1 - beta1);
    const keepSecond = tf.scalar(beta2);
    const takeSecond = tf.scalar(1 - beta2);
    return (gradient, slots) => {
      const first = tf.add(tf.mul(slots[0]!, keepFirst), tf.mul(gradient, takeFirst));
      const second = tf.add(tf.mul(slots[1]!, keepSecond), tf.mul(tf.square(gradient), takeSecond));
      const direction = tf.div(first, tf.add(tf.sqrt(second), floor));
      return { step: tf.mul(direction, rate), slots: [first, second] };
    };
  }
  // The kernel takes 1 − β from β in float32, which for 0.999 is off by 1e-5: the corrections have to be of that β.
  const settings = (learningRate: number, step: number, keep: number) => {
    const [first, second] = [Math.fround(beta1), Math.fround(beta2)];
    return [first, second, ...corrected(first, second, learningRate, step), keep];
  };
  return new RuleOptimizer(options, {
    kind: 'adam',
    slots: ['first-moment', 'second-moment'],
    ...requireDecay('adam', options),
    prepare,
    kernel: { name: 'TensorPapersAdam', settings },
  });
}
