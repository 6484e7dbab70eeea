import type * as tf from '@tensorflow/tfjs';
import { requireNumber } from '../checks.js';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import type { Distance } from '../distances/distance.js';
import type { Labels } from '../labels.js';
import type { Reducer } from '../reducers/reducer.js';
import { logSumExp } from './log-sum-exp.js';
import { pairLoss } from './pair-loss.js';
import { proxyLabels } from './proxies.js';
import type { RowTerm } from './row-term.js';

/** Options of {@link proxyAnchorLoss}. */
export interface ProxyAnchorLossOptions {
  /** δ. Default 0.1. */
  readonly margin?: number;
  /** α > 0. Default 32. */
  readonly alpha?: number;
  /** Default cosine. */
  readonly distance?: Distance;
  /** Default mean. */
  readonly reducer?: Reducer;
}

/** Anchors are proxies; a proxy without positives has no element of the first part, and one without negatives a loss of 0. */
function proxyAnchorTerm(alpha: number, margin: number): RowTerm {
  return {
    name: 'proxyAnchor',
    parts: 2,
    evaluate: ({ positives, positiveCount, negatives, negativeCount }, emit, slopes) => {
      if (positiveCount > 0) {
        const log = logSumExp(positives, positiveCount, -alpha, margin, 0);
        if (emit(log, 0)) {
          for (let k = 0; k < positiveCount; k++) {
            slopes.positives[k] = -alpha * Math.exp(-alpha * (positives[k]! - margin) - log);
          }
        }
      }
      const log = logSumExp(negatives, negativeCount, alpha, -margin, 0);
      if (emit(log, 1)) {
        for (let k = 0; k < negativeCount; k++) {
          slopes.negatives[k] = alpha * Math.exp(alpha * (negatives[k]! + margin) - log);
        }
      }
    },
  };
}

/**
 * Proxy-anchor loss (Kim et al., CVPR 2020), proxies p as anchors, P⁺ those with images in the batch:
 * 1/|P⁺| Σ_{p ∈ P⁺} log(1 + Σ_{x ∈ p} e^{−α(S − δ)}) + 1/C Σ_p log(1 + Σ_{x ∉ p} e^{α(S + δ)}).
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers, 0 … C − 1
 * @param proxies `[C, D]` float32, usually a variable that is trained with the model (its learning rate is usually 100 times larger)
 * @returns a scalar; the caller disposes it
 * @throws EmbeddingsError, LabelsError, EmptyBatchError, NonFiniteError, OptionError
 */
export function proxyAnchorLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  proxies: tf.Tensor2D,
  { margin = 0.1, alpha = 32, distance = cosineSimilarity(), reducer }: ProxyAnchorLossOptions = {},
): tf.Scalar {
  requireNumber('margin', margin);
  requireNumber('alpha', alpha, { low: 0, exclusive: true });
  const { ids, proxyIds } = proxyLabels(embeddings, labels, proxies);
  const reference = { embeddings, labels: ids };
  return pairLoss(proxies, proxyIds, proxyAnchorTerm(alpha, margin), {
    distance,
    reference,
    ...(reducer ? { reducer } : {}),
  });
}
