import { requireNumber, requireOneOf } from '../checks.js';
import { OptionError } from '../errors.js';
import { sigmoidOf, softplusOf } from './softplus.js';
import type { TripletTerm } from './triplet-term.js';

/** Options of {@link selectivelyContrastiveTerm}. */
export interface SelectivelyContrastiveTermOptions {
  /** τ > 0 of the easy triplets' NCA term; the hard ones are not divided by it. Default 0.1 (authors' code). */
  readonly temperature?: number | undefined;
  /** λ ≥ 0, weight of the hard triplets. Default 1. */
  readonly lambda?: number | undefined;
  /**
   * A similarity that takes part in what counts as hard. Default none: the paper's mask, S_an > S_ap. 0.8 is that of the authors' code of
   * February 2021, 0.5 with the rule `'and'` that of September 2020.
   */
  readonly hardCutoff?: number | undefined;
  /** Hard is S_an > S_ap `'or'` (default) respectively `'and'` S_an > hardCutoff. */
  readonly cutoffRule?: 'or' | 'and' | undefined;
  /**
   * `'together'` (default): easy and hard triplets are reduced as one list. `'sumOfMeans'`: each on its own, then added, as in the authors'
   * code of September 2020.
   */
  readonly reduction?: 'together' | 'sumOfMeans' | undefined;
}

/**
 * The selectively contrastive triplet loss: λ S_an for a hard triplet, the NCA form for any other. A hard triplet pushes its negative away
 * and leaves its positive alone, so nothing pulls the two together.
 *
 * Ties, S_an = S_ap, are easy. The loss jumps at the diagonal, and is negative for a hard triplet with S_an < 0.
 *
 * @throws OptionError
 */
export function selectivelyContrastiveTerm({
  temperature = 0.1,
  lambda = 1,
  hardCutoff,
  cutoffRule = 'or',
  reduction = 'together',
}: SelectivelyContrastiveTermOptions = {}): TripletTerm {
  requireNumber('temperature', temperature, { low: 0, exclusive: true });
  requireNumber('lambda', lambda, { low: 0 });
  requireOneOf('cutoffRule', cutoffRule, ['or', 'and']);
  requireOneOf('reduction', reduction, ['together', 'sumOfMeans']);
  if (hardCutoff === undefined && cutoffRule === 'and') {
    throw new OptionError("cutoffRule: 'and' needs a hardCutoff, got none");
  }
  // Without a cutoff, `or` with ∞ leaves the paper's mask. A cutoff of 0.8 is the float32 of that name, as the similarities are.
  const cutoff =
    hardCutoff === undefined ? Number.POSITIVE_INFINITY : Math.fround(requireNumber('hardCutoff', hardCutoff));
  const both = cutoffRule === 'and';
  const separate = reduction === 'sumOfMeans';
  return {
    name: 'selectivelyContrastive',
    parts: separate ? 2 : 1,
    evaluate: (positive, negative, count, { loss, positiveSlope, negativeSlope, part }) => {
      for (let i = 0; i < count; i++) {
        const [p, n] = [positive[i]!, negative[i]!];
        const above = n > cutoff;
        const hard = both ? n > p && above : n > p || above;
        part[i] = separate && hard ? 1 : 0;
        if (hard) {
          loss[i] = lambda * n;
          positiveSlope[i] = 0;
          negativeSlope[i] = lambda;
        } else {
          const u = (n - p) / temperature;
          const e = Math.exp(-Math.abs(u));
          const slope = sigmoidOf(u, e) / temperature;
          loss[i] = softplusOf(u, e);
          positiveSlope[i] = -slope;
          negativeSlope[i] = slope;
        }
      }
    },
  };
}
