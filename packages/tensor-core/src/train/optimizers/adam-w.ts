import * as tf from '@tensorflow/tfjs';
import { requireFraction, requireNonNegative, requirePositive } from '../require-option.js';
import { BlockOptimizer, type BlockOptimizerOptions, type BlockUpdate } from './block-optimizer.js';
import type { Optimizer } from './optimizer.js';

/** Options of {@link adamW}. */
export interface AdamWOptions extends BlockOptimizerOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** ε > 0, added to the root of the corrected second moment. Default 1e-8. */
  readonly epsilon?: number;
  /** λ ≥ 0, decoupled. Default 0.01; 0 gives Adam. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019, Algorithm 2; Kingma and Ba, 2015, for λ = 0).
 *
 *     w ← (1 − ηλ) w
 *     m ← β₁m + (1 − β₁)g,   v ← β₂v + (1 − β₂)g²
 *     w ← w − η · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε)
 *
 * Weights of rank 0 and 1 (biases, norms) are not decayed unless `decayBiases`. The caller disposes the optimiser.
 *
 * @throws TrainOptionError for values out of range
 */
export function adamW(options: AdamWOptions): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  requireFraction('adamW: beta1', beta1);
  requireFraction('adamW: beta2', beta2);
  requirePositive('adamW: epsilon', epsilon);
  requireNonNegative('adamW: weightDecay', weightDecay);

  function prepare(learningRate: number, step: number): BlockUpdate {
    const secondCorrection = Math.sqrt(1 - beta2 ** step);
    const keepFirst = tf.scalar(beta1);
    const takeFirst = tf.scalar(1 - beta1);
    const keepSecond = tf.scalar(beta2);
    const takeSecond = tf.scalar(1 - beta2);
    // √(v/c²) + ε = (√v + cε)/c: both corrections move into scalars.
    const rate = tf.scalar((learningRate * secondCorrection) / (1 - beta1 ** step));
    const floor = tf.scalar(epsilon * secondCorrection);
    const shrink = weightDecay > 0 ? tf.scalar(1 - learningRate * weightDecay) : null;

    return ({ parameters, slots }, gradient, decays) => {
      const first = tf.add(tf.mul(slots[0]!, keepFirst), tf.mul(gradient, takeFirst));
      const second = tf.add(tf.mul(slots[1]!, keepSecond), tf.mul(tf.square(gradient), takeSecond));
      const direction = tf.div(first, tf.add(tf.sqrt(second), floor));
      const kept = decays && shrink !== null ? tf.mul(parameters, shrink) : parameters;
      return { parameters: tf.sub(kept, tf.mul(direction, rate)), slots: [first, second] };
    };
  }
  return new BlockOptimizer(options, { slots: 2, prepare });
}
