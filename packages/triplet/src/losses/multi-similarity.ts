import type * as tf from '@tensorflow/tfjs';
import { requireNumber } from '../checks.js';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import type { Labels } from '../labels.js';
import { logSumExp } from './log-sum-exp.js';
import type { LossOptions } from './loss-options.js';
import { pairLoss } from './pair-loss.js';
import type { RowTerm } from './row-term.js';

/** Options of {@link multiSimilarityLoss}. */
export interface MultiSimilarityLossOptions extends LossOptions {
  /** α > 0, of positive pairs. Default 2. */
  readonly alpha?: number;
  /** β > 0, of negative pairs. Default 50. */
  readonly beta?: number;
  /** λ, the similarity (or distance) that both are measured from. Default 0.5. */
  readonly base?: number;
}

/** log(1 + Σ e^{factor (s − base)}) / |factor| and its slopes; the sum may be empty. */
function side(values: Float64Array, count: number, factor: number, base: number) {
  const log = logSumExp(values, count, factor, base, 0);
  const addSlopes = (slopes: Float64Array) => {
    for (let k = 0; k < count; k++) slopes[k] = Math.sign(factor) * Math.exp(factor * (values[k]! - base) - log);
  };
  return { loss: log / Math.abs(factor), addSlopes };
}

function multiSimilarityTerm(alpha: number, beta: number, base: number): RowTerm {
  return {
    name: 'multiSimilarity',
    evaluate: ({ positives, positiveCount, negatives, negativeCount }, emit, slopes) => {
      const near = side(positives, positiveCount, -alpha, base);
      const far = side(negatives, negativeCount, beta, base);
      if (!emit(near.loss + far.loss)) return;
      near.addSlopes(slopes.positives);
      far.addSlopes(slopes.negatives);
    },
  };
}

/**
 * Multi-similarity loss (Wang et al., CVPR 2019), for each anchor
 * log(1 + Σ_p e^{−α(S_ap − λ)})/α + log(1 + Σ_n e^{β(S_an − λ)})/β; the mean over all anchors by default.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @param options defaults: cosines, α = 2, β = 50, λ = 0.5
 * @returns a scalar; the caller disposes it
 * @throws as `pairLoss`
 * @example
 * const loss = multiSimilarityLoss(embeddings, labels, { miner: multiSimilarityMiner() });
 */
export function multiSimilarityLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { alpha = 2, beta = 50, base = 0.5, ...options }: MultiSimilarityLossOptions = {},
): tf.Scalar {
  requireNumber('alpha', alpha, { low: 0, exclusive: true });
  requireNumber('beta', beta, { low: 0, exclusive: true });
  requireNumber('base', base);
  const { largerIsCloser } = options.distance ?? cosineSimilarity();
  return pairLoss(embeddings, labels, multiSimilarityTerm(alpha, beta, largerIsCloser ? base : -base), options);
}
