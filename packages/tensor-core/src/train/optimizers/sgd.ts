import * as tf from '@tensorflow/tfjs';
import { TrainOptionError } from '../errors.js';
import { requireFraction } from '../require-option.js';
import { type DecayOptions, requireDecay } from './decay.js';
import type { Optimizer } from './optimizer.js';
import { type OptimizerOptions, RuleOptimizer } from './rule-optimizer.js';
import type { BlockUpdate, UpdateRule } from './update-rule.js';

/** Options of {@link sgd}. */
export interface SgdOptions extends OptimizerOptions, DecayOptions {
  /** μ in [0, 1). Default 0. */
  readonly momentum?: number;
  /** Step along g + μv instead of v. Default false. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent with momentum and weight decay, in the convention of today's frameworks: the learning rate
 * η multiplies the velocity when it is used, not when it is stored, and the gradient enters it undamped.
 *
 *     coupled:    g ← g + λw        decoupled:  w ← (1 − ηλ) w
 *     v ← μv + g                    (v starts at 0)
 *     w ← w − ηv                    Nesterov:   w ← w − η(g + μv)
 *
 * Weights of rank 0 and 1 (biases, norms) are not decayed unless `decayBiases`. The caller disposes the optimiser.
 *
 * @throws TrainOptionError for values out of range, or Nesterov without momentum
 * @example
 * const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
 */
export function sgd(options: SgdOptions): Optimizer {
  const { momentum = 0, nesterov = false } = options;
  const decay = requireDecay('sgd', options);
  requireFraction('sgd: momentum', momentum);
  if (nesterov && momentum === 0) throw new TrainOptionError('sgd: nesterov needs a momentum above 0, got 0');
  return new RuleOptimizer(options, momentum === 0 ? plainRule(decay) : momentumRule(decay, momentum, nesterov));
}

function plainRule({ weightDecay }: Required<DecayOptions>): UpdateRule {
  return {
    kind: 'sgd',
    slots: [],
    weightDecay,
    // Without momentum both kinds are the same update: w − η(g + λw) = (1 − ηλ)w − ηg.
    decay: 'decoupled',
    prepare(learningRate): BlockUpdate {
      const rate = tf.scalar(learningRate);
      return (gradient) => ({ step: tf.mul(gradient, rate), slots: [] });
    },
    kernel: { name: 'TensorPapersSgd', settings: (learningRate, _step, keep) => [learningRate, keep] },
  };
}

function momentumRule(decay: Required<DecayOptions>, momentum: number, nesterov: boolean): UpdateRule {
  return {
    kind: 'sgd',
    slots: ['velocity'],
    ...decay,
    prepare(learningRate): BlockUpdate {
      const rate = tf.scalar(learningRate);
      const mu = tf.scalar(momentum);
      const lookAhead = tf.scalar(learningRate * momentum);
      return (gradient, [carried]) => {
        const velocity = tf.add(tf.mul(carried!, mu), gradient);
        const step = nesterov ? tf.add(tf.mul(gradient, rate), tf.mul(velocity, lookAhead)) : tf.mul(velocity, rate);
        return { step, slots: [velocity] };
      };
    },
    kernel: {
      name: 'TensorPapersMomentum',
      settings: (learningRate, _step, keep) => [momentum, learningRate, keep, nesterov ? 1 : 0],
    },
  };
}
