import { EmbeddingsError } from '../errors.js';
import { evaluateTerm, type TripletTerm } from '../losses/triplet-term.js';
import { cosineGradient } from './normalisation.js';

/** What {@link tripletGradients} returns. */
export interface TripletGradients {
  readonly loss: number;
  /** `[D]`. */
  readonly anchor: Float64Array;
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/**
 * The gradient of one triplet's loss in closed form, with or without the normalisation's Jacobian.
 *
 * With it (`normalised`, the default) the vectors have any length and S are their cosines; every gradient is orthogonal to its vector.
 * Without it they are free vectors and S their products: dL/da = dL/dS_ap p + dL/dS_an n, dL/dp = dL/dS_ap a, dL/dn = dL/dS_an a. For unit vectors the two
 * differ by exactly what normalisation removes.
 *
 * @param anchor `[D]`; like the other two not 0 where `normalised`
 * @throws EmbeddingsError for vectors of different lengths; OptionError for a zero vector
 */
export function tripletGradients(
  anchor: ArrayLike<number>,
  positive: ArrayLike<number>,
  negative: ArrayLike<number>,
  { term, normalised = true }: { readonly term: TripletTerm; readonly normalised?: boolean },
): TripletGradients {
  for (const side of [positive, negative]) {
    if (side.length !== anchor.length) {
      throw new EmbeddingsError(`expected three vectors of ${anchor.length} numbers, got one of ${side.length}`);
    }
  }
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0);
  const similarity = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    normalised ? dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)) : dot(x, y);
  /** dS/dx of the similarity of x and y. */
  const slope = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    normalised ? cosineGradient(x, y) : Float64Array.from(y);
  const towards = [slope(anchor, positive), slope(anchor, negative)] as const;
  const result = evaluateTerm(term, [similarity(anchor, positive)], [similarity(anchor, negative)]);
  const [ofPositive, ofNegative] = [result.positiveSlope[0]!, result.negativeSlope[0]!];
  return {
    loss: result.loss[0]!,
    anchor: towards[0].map((value, i) => ofPositive * value + ofNegative * towards[1][i]!),
    positive: slope(positive, anchor).map((value) => ofPositive * value),
    negative: slope(negative, anchor).map((value) => ofNegative * value),
  };
}
