import { OptionError } from '../errors.js';

/** How S_ap and S_an of triplets change: one number a triplet. */
export interface SimilarityChange {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/** Throws unless both lists hold as many similarities, all in [−1, 1]. */
export function requireSimilarities(positive: ArrayLike<number>, negative: ArrayLike<number>): number {
  if (positive.length !== negative.length) {
    throw new OptionError(
      `expected as many S_ap as S_an, got ${positive.length} and ${negative.length}: they are lists of the same triplets`,
    );
  }
  for (const list of [positive, negative]) {
    for (let i = 0; i < list.length; i++) {
      if (!(list[i]! >= -1 && list[i]! <= 1)) {
        throw new OptionError(`similarity ${i}: expected a cosine in [−1, 1], got ${list[i]}`);
      }
    }
  }
  return positive.length;
}

/** γ in [−1, 1]; throws for anything else. */
export function requireGamma(gamma: number): number {
  if (!(gamma >= -1 && gamma <= 1)) throw new OptionError(`gamma: expected a cosine in [−1, 1], got ${gamma}`);
  return gamma;
}

/** γ √(1 − S_ap²) √(1 − S_an²): what the pairs of an anchor share beside S_ap S_an. */
export const crossTerm = (positive: number, negative: number, gamma: number): number =>
  gamma * Math.sqrt((1 - positive * positive) * (1 - negative * negative));
