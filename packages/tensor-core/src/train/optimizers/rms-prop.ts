import * as tf from '@tensorflow/tfjs';
import { requireFraction, requirePositive } from '../require-option.js';
import { type DecayOptions, requireDecay } from './decay.js';
import type { Optimizer } from './optimizer.js';
import { type OptimizerOptions, RuleOptimizer } from './rule-optimizer.js';
import type { BlockUpdate } from './update-rule.js';

/** Options of {@link rmsProp}. */
export interface RmsPropOptions extends OptimizerOptions, DecayOptions {
  /** Decay α of the mean square, in [0, 1). Default 0.99. */
  readonly alpha?: number;
  /** ε > 0, added to the root. Default 1e-8. */
  readonly epsilon?: number;
  /** μ in [0, 1). Default 0. */
  readonly momentum?: number;
  /** Divide by the standard deviation instead of the root mean square. Default false. */
  readonly centred?: boolean;
}

/**
 * RMSprop (Tieleman and Hinton, 2012; centred: Graves, 2013), with momentum and weight decay.
 *
 *     coupled:  g ← g + λw          decoupled:  w ← (1 − ηλ) w
 *     s ← αs + (1 − α)g²            centred:    a ← αa + (1 − α)g,   s − a² in place of s below
 *     b ← μb + g / (√s + ε),        w ← w − ηb
 *
 * Weights of rank 0 and 1 (biases, norms) are not decayed unless `decayBiases`. The caller disposes the optimiser.
 *
 * @throws TrainOptionError for values out of range
 * @example
 * const optimizer = rmsProp({ learningRate: 1e-3, centred: true });
 */
export function rmsProp(options: RmsPropOptions): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8, momentum = 0, centred = false } = options;
  requireFraction('rmsProp: alpha', alpha);
  requirePositive('rmsProp: epsilon', epsilon);
  requireFraction('rmsProp: momentum', momentum);

  function prepare(learningRate: number): BlockUpdate {
    const rate = tf.scalar(learningRate);
    const keep = tf.scalar(alpha);
    const take = tf.scalar(1 - alpha);
    const floor = tf.scalar(epsilon);
    const mu = tf.scalar(momentum);
    return (gradient, slots) => {
      const remaining = [...slots];
      const square = tf.add(tf.mul(remaining.shift()!, keep), tf.mul(tf.square(gradient), take));
      const next = [square];
      let spread = square;
      if (centred) {
        const mean = tf.add(tf.mul(remaining.shift()!, keep), tf.mul(gradient, take));
        next.push(mean);
        // Rounding may take a variance of 0 below it, whose root is NaN.
        spread = tf.relu(tf.sub(square, tf.square(mean)));
      }
      let direction = tf.div(gradient, tf.add(tf.sqrt(spread), floor));
      if (momentum > 0) {
        direction = tf.add(tf.mul(remaining.shift()!, mu), direction);
        next.push(direction);
      }
      return { step: tf.mul(direction, rate), slots: next };
    };
  }
  const slots = ['mean-square', ...(centred ? ['mean'] : []), ...(momentum > 0 ? ['momentum'] : [])];
  return new RuleOptimizer(options, { kind: 'rms-prop', slots, ...requireDecay('rmsProp', options), prepare });
}
