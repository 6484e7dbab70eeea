import type * as tf from '@tensorflow/tfjs';
import { requireNumber } from '../checks.js';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import { OptionError } from '../errors.js';
import type { Labels } from '../labels.js';
import type { Reducer } from '../reducers/reducer.js';
import { logSumExp } from './log-sum-exp.js';
import { pairLoss } from './pair-loss.js';
import { proxyLabels } from './proxies.js';
import type { RowTerm } from './row-term.js';

/** Options of {@link arcFaceLoss}. */
export interface ArcFaceLossOptions {
  /** m in degrees, 0 … 180. Default 28.6 (0.5 rad). */
  readonly margin?: number;
  /** s > 0. Default 64. */
  readonly scale?: number;
  /** Default mean. */
  readonly reducer?: Reducer;
}

/** Below this sin θ the slope of cos(θ + m) in cos θ, which has 1/sin θ, is cut off. */
const SMALLEST_SINE = 1e-4;

function arcFaceTerm(margin: number, scale: number): RowTerm {
  const limit = Math.cos(Math.PI - margin);
  const [cosine, sine] = [Math.cos(margin), Math.sin(margin)];
  return {
    name: 'arcFace',
    evaluate: ({ positives, positiveCount, negatives, negativeCount }, emit, slopes) => {
      if (positiveCount === 0) return; // a row without a label
      const target = Math.min(1, Math.max(-1, positives[0]!));
      const sinTheta = Math.sqrt(1 - target * target);
      const inside = target >= limit;
      const moved = inside ? target * cosine - sinTheta * sine : target - margin * sine;
      const logit = scale * moved;
      const ofOthers = logSumExp(negatives, negativeCount, scale, 0, Number.NEGATIVE_INFINITY);
      const largest = Math.max(logit, ofOthers);
      const log = largest + Math.log(Math.exp(logit - largest) + Math.exp(ofOthers - largest));
      if (!emit(log - logit)) return;
      const slope = inside ? cosine + (sine * target) / Math.max(sinTheta, SMALLEST_SINE) : 1;
      slopes.positives[0] = -scale * Math.exp(ofOthers - log) * slope;
      for (let k = 0; k < negativeCount; k++) slopes.negatives[k] = scale * Math.exp(scale * negatives[k]! - log);
    },
  };
}

/**
 * ArcFace (Deng et al., CVPR 2019): softmax cross-entropy of s · cos θ_c, with s · cos(θ_y + m) for the row's own class; where θ_y > 180° − m it is
 * s (cos θ_y − m sin m), so that the loss stays monotone.
 *
 * The slope at θ_y near 0 or 180°, infinite in the formula, is that of sin θ = 1e-4. Rows without a label (−1) do not count.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers, 0 … C − 1
 * @param weights `[C, D]` float32, one a class, usually a variable that is trained with the model
 * @returns a scalar; the caller disposes it
 * @throws EmbeddingsError, LabelsError, EmptyBatchError, NonFiniteError, OptionError
 */
export function arcFaceLoss(
  embeddings: tf.Tensor2D,
  labels: Labels,
  weights: tf.Tensor2D,
  { margin = 28.6, scale = 64, reducer }: ArcFaceLossOptions = {},
): tf.Scalar {
  if (!(margin >= 0 && margin <= 180)) {
    throw new OptionError(`margin: expected degrees 0 … 180, got ${margin}; radians are × 180/π`);
  }
  requireNumber('scale', scale, { low: 0, exclusive: true });
  const { ids, proxyIds } = proxyLabels(embeddings, labels, weights);
  return pairLoss(embeddings, ids, arcFaceTerm((margin * Math.PI) / 180, scale), {
    distance: cosineSimilarity(),
    reference: { embeddings: weights, labels: proxyIds },
    ...(reducer ? { reducer } : {}),
  });
}
