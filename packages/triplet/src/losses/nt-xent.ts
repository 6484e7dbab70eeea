import type * as tf from '@tensorflow/tfjs';
import { requireNumber } from '../checks.js';
import type { Labels } from '../labels.js';
import { logSumExp } from './log-sum-exp.js';
import type { LossOptions } from './loss-options.js';
import { pairLoss } from './pair-loss.js';
import type { RowTerm } from './row-term.js';

/** Options of {@link ntXentLoss}. */
export interface NtXentLossOptions extends LossOptions {
  /** τ > 0. Default 0.07. */
  readonly temperature?: number;
}

/** Softmax cross-entropy of each positive pair against all negative pairs of its anchor. */
export function softmaxTerm(temperature: number): RowTerm {
  return {
    name: 'ntXent',
    evaluate: ({ positives, positiveCount, negatives, negativeCount }, emit, slopes) => {
      const ofNegatives = logSumExp(negatives, negativeCount, 1 / temperature, 0, Number.NEGATIVE_INFINITY);
      let weight = 0;
      for (let k = 0; k < positiveCount; k++) {
        const logit = positives[k]! / temperature;
        const largest = Math.max(logit, ofNegatives);
        const log = largest + Math.log(Math.exp(logit - largest) + Math.exp(ofNegatives - largest));
        if (!emit(log - logit)) continue;
        const share = Math.exp(ofNegatives - log); // of all negatives together, without cancellation
        slopes.positives[k] = -share / temperature;
        weight += share / temperature;
      }
      if (weight === 0) return;
      for (let k = 0; k < negativeCount; k++) {
        slopes.negatives[k] = weight * Math.exp(negatives[k]! / temperature - ofNegatives);
      }
    },
  };
}

/**
 * NT-Xent (SimCLR, Chen et al., ICML 2020), for each positive pair −log(e^{S_ap/τ} / (e^{S_ap/τ} + Σ_n e^{S_an/τ})) with all negatives of the
 * anchor; the mean over positive pairs by default. Two views of an image have the same label.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param options defaults: cosines, τ = 0.07
 * @returns a scalar; the caller disposes it
 * @throws as `pairLoss`
 */
export function ntXentLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { temperature = 0.07, ...options }: NtXentLossOptions = {},
): tf.Scalar {
  requireNumber('temperature', temperature, { low: 0, exclusive: true });
  return pairLoss(embeddings, labels, softmaxTerm(temperature), options);
}
