import * as tf from '@tensorflow/tfjs';
import { TrainOptionError } from '../errors.js';
import { requireFraction, requireNonNegative } from '../require-option.js';
import { BlockOptimizer, type BlockOptimizerOptions, type BlockUpdate } from './block-optimizer.js';
import type { Optimizer } from './optimizer.js';

/** Options of {@link sgd}. */
export interface SgdOptions extends BlockOptimizerOptions {
  /** μ in [0, 1). Default 0. */
  readonly momentum?: number;
  /** Step along g + μv instead of v. Default false. */
  readonly nesterov?: boolean;
  /** λ ≥ 0. Default 0. */
  readonly weightDecay?: number;
  /** `coupled`: λw joins the gradient (L2). `decoupled`: w shrinks by ηλ beside it. Default `coupled`. */
  readonly decay?: 'coupled' | 'decoupled';
}

/**
 * Stochastic gradient descent with momentum and weight decay, in the convention of today's frameworks: the learning rate
 * η multiplies the velocity when it is used, not when it is stored.
 *
 *     coupled:    g ← g + λw        decoupled:  w ← (1 − ηλ) w
 *     v ← μv + g                    (v starts at 0)
 *     w ← w − ηv                    Nesterov:   w ← w − η(g + μv)
 *
 * Weights of rank 0 and 1 (biases, norms) are not decayed unless `decayBiases`. The caller disposes the optimiser.
 *
 * @throws TrainOptionError for values out of range, or Nesterov without momentum
 */
export function sgd(options: SgdOptions): Optimizer {
  const { momentum = 0, nesterov = false, weightDecay = 0, decay = 'coupled' } = options;
  requireFraction('sgd: momentum', momentum);
  requireNonNegative('sgd: weightDecay', weightDecay);
  if (decay !== 'coupled' && decay !== 'decoupled') {
    throw new TrainOptionError(`sgd: decay: expected 'coupled' or 'decoupled', got '${decay}'`);
  }
  if (nesterov && momentum === 0) throw new TrainOptionError('sgd: nesterov needs a momentum above 0, got 0');

  function prepare(learningRate: number): BlockUpdate {
    const rate = tf.scalar(learningRate);
    const mu = tf.scalar(momentum);
    const coupledDecay = weightDecay > 0 && decay === 'coupled' ? tf.scalar(weightDecay) : null;
    const shrink = weightDecay > 0 && decay === 'decoupled' ? tf.scalar(1 - learningRate * weightDecay) : null;
    const lookAhead = tf.scalar(learningRate * (1 + momentum));

    return ({ parameters, slots }, gradient, decays) => {
      const kept = decays && shrink !== null ? tf.mul(parameters, shrink) : parameters;
      const terms = decays && coupledDecay !== null ? [gradient, tf.mul(parameters, coupledDecay)] : [gradient];
      if (momentum === 0) return { parameters: tf.sub(kept, tf.mul(sum(terms), rate)), slots: [] };
      const carried = tf.mul(slots[0]!, mu);
      const velocity = sum([carried, ...terms]);
      if (!nesterov) return { parameters: tf.sub(kept, tf.mul(velocity, rate)), slots: [velocity] };
      // g + μv = (1 + μ)v − μ·v_old, which saves two passes over the parameters.
      const step = tf.sub(tf.mul(velocity, lookAhead), tf.mul(carried, rate));
      return { parameters: tf.sub(kept, step), slots: [velocity] };
    };
  }
  return new BlockOptimizer(options, { slots: momentum > 0 ? 1 : 0, prepare });
}

function sum(terms: readonly tf.Tensor[]): tf.Tensor {
  return terms.length === 1 ? terms[0]! : tf.addN([...terms]);
}
