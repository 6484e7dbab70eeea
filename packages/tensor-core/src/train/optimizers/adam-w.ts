import { type AdamOptions, adam } from './adam.js';
import type { Optimizer } from './optimizer.js';

/** Options of {@link adamW}. */
export interface AdamWOptions extends Omit<AdamOptions, 'decay'> {
  /** λ ≥ 0, decoupled. Default 0.01; 0 gives Adam. */
  readonly weightDecay?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019, Algorithm 2): {@link adam} with `decay: 'decoupled'`.
 *
 * @throws TrainOptionError for values out of range
 * @example
 * const optimizer = adamW({ learningRate: 1e-3, weightDecay: 0.05 });
 */
export function adamW({ weightDecay = 0.01, ...options }: AdamWOptions): Optimizer {
  return adam({ ...options, weightDecay, decay: 'decoupled' });
}
