import { evaluateTerm, type TripletTerm } from '../losses/triplet-term.js';
import { crossTerm, requireGamma, requireSimilarities, type SimilarityChange } from './similarity-change.js';

/**
 * How fast S_ap and S_an change under gradient descent, with the normalisation's Jacobian, per unit of learning rate on unit vectors.
 *
 * With g_p = −dL/dS_ap and g_n = dL/dS_an of the term:
 * dS_ap = 2 g_p (1 − S_ap²) − g_n γ√((1 − S_ap²)(1 − S_an²)), dS_an = −2 g_n (1 − S_an²) + g_p γ√((1 − S_ap²)(1 − S_an²)).
 *
 * The factors 1 − S² come from the Jacobian: close to S = 1 hardly anything moves, a hard negative least of all.
 *
 * @param positive S_ap of each triplet, in [−1, 1]
 * @param negative S_an of each triplet
 * @param options γ, the cosine between the planes (a, p) and (a, n); default 0
 * @throws OptionError
 */
export function firstOrderChange(
  positive: ArrayLike<number>,
  negative: ArrayLike<number>,
  { term, gamma = 0 }: { readonly term: TripletTerm; readonly gamma?: number },
): SimilarityChange {
  const count = requireSimilarities(positive, negative);
  requireGamma(gamma);
  const { positiveSlope, negativeSlope } = evaluateTerm(term, positive, negative);
  const change = { positive: new Float64Array(count), negative: new Float64Array(count) };
  for (let i = 0; i < count; i++) {
    const [p, n] = [positive[i]!, negative[i]!];
    const [pull, push] = [-positiveSlope[i]!, negativeSlope[i]!];
    const cross = crossTerm(p, n, gamma);
    change.positive[i] = 2 * pull * (1 - p * p) - push * cross;
    change.negative[i] = -2 * push * (1 - n * n) + pull * cross;
  }
  return change;
}
