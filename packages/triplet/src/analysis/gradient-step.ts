import { requireNumber } from '../checks.js';
import { evaluateTerm, type TripletTerm } from '../losses/triplet-term.js';
import { crossTerm, requireGamma, requireSimilarities, type SimilarityChange } from './similarity-change.js';

/** Options of {@link gradientStep}. */
export interface GradientStepOptions {
  readonly term: TripletTerm;
  /** α > 0. Default 0.1, that of the authors' simulation. */
  readonly learningRate?: number;
  /** Cosine between the planes (a, p) and (a, n). Default 0, the neutral case. */
  readonly gamma?: number;
}

/** What {@link gradientStep} returns: one number a triplet in each list. */
export interface GradientStep {
  /** b_p = −α dL/dS_ap: how far anchor and positive move towards one another. */
  readonly pull: Float64Array;
  /** b_n = α dL/dS_an: how far anchor and negative move apart. */
  readonly push: Float64Array;
  /** a′ · p′ and a′ · n′ of the moved vectors, which are no unit vectors any more. */
  readonly products: SimilarityChange;
  /** ‖a′‖, ‖p′‖, ‖n′‖. */
  readonly lengths: { readonly anchor: Float64Array; readonly positive: Float64Array; readonly negative: Float64Array };
  /** The cosines of the moved vectors. */
  readonly next: SimilarityChange;
  /** `next` minus what it was. */
  readonly change: SimilarityChange;
}

/**
 * One step of gradient descent on unit vectors as if they were free, that is without the normalisation's Jacobian, then renormalised.
 *
 * a′ = a + b_p p − b_n n, p′ = p + b_p a, n′ = n − b_n a. The products always move the right way; the cosines hardly move where S is near 1,
 * because there the step is nearly parallel to the vector (problem 1 of the paper).
 *
 * @param positive S_ap of each triplet, in [−1, 1]
 * @param negative S_an of each triplet
 * @throws OptionError
 */
export function gradientStep(
  positive: ArrayLike<number>,
  negative: ArrayLike<number>,
  { term, learningRate = 0.1, gamma = 0 }: GradientStepOptions,
): GradientStep {
  const count = requireSimilarities(positive, negative);
  requireGamma(gamma);
  requireNumber('learningRate', learningRate, { low: 0, exclusive: true });
  const { positiveSlope, negativeSlope } = evaluateTerm(term, positive, negative);
  const list = () => new Float64Array(count);
  const step = {
    pull: list(),
    push: list(),
    products: { positive: list(), negative: list() },
    lengths: { anchor: list(), positive: list(), negative: list() },
    next: { positive: list(), negative: list() },
    change: { positive: list(), negative: list() },
  };
  for (let i = 0; i < count; i++) {
    const [p, n] = [positive[i]!, negative[i]!];
    const between = p * n + crossTerm(p, n, gamma); // S_pn
    const [pull, push] = [-learningRate * positiveSlope[i]!, learningRate * negativeSlope[i]!];
    const ofPositive = (1 + pull * pull) * p + 2 * pull - push * between - pull * push * n;
    const ofNegative = (1 + push * push) * n - 2 * push + pull * between - pull * push * p;
    const anchor = Math.sqrt(1 + pull * pull + push * push + 2 * pull * p - 2 * push * n - 2 * pull * push * between);
    const [lengthOfPositive, lengthOfNegative] = [
      Math.sqrt(1 + 2 * pull * p + pull * pull),
      Math.sqrt(1 - 2 * push * n + push * push),
    ];
    step.pull[i] = pull;
    step.push[i] = push;
    step.products.positive[i] = ofPositive;
    step.products.negative[i] = ofNegative;
    step.lengths.anchor[i] = anchor;
    step.lengths.positive[i] = lengthOfPositive;
    step.lengths.negative[i] = lengthOfNegative;
    step.next.positive[i] = ofPositive / (anchor * lengthOfPositive);
    step.next.negative[i] = ofNegative / (anchor * lengthOfNegative);
    step.change.positive[i] = step.next.positive[i]! - p;
    step.change.negative[i] = step.next.negative[i]! - n;
  }
  return step;
}
