import type { Rng } from '@tensor-papers/numerics/random';
import { requireNumber } from '../checks.js';
import { OptionError } from '../errors.js';
import { negativesOf, positivesOf } from '../pairs/comparison.js';
import { IndexList } from '../pairs/index-list.js';
import type { Miner } from './miner.js';

/** Options of {@link distanceWeightedMiner}. */
export interface DistanceWeightedMinerOptions {
  readonly rng: Rng;
  /** Distances below this count as this. Default 0.5. */
  readonly cutoff?: number;
  /** Negatives at this distance or farther are never drawn. Default 1.4. */
  readonly nonZeroLossCutoff?: number;
}

/**
 * The weight of a negative at distance d between unit vectors of D dimensions, up to a factor: the inverse of the density of distances on
 * the sphere, log w = (2 − D) log d − (D − 3)/2 · log(1 − d²/4), d at least the cutoff. −∞ where it is never drawn.
 */
export function logDistanceWeight(
  distance: number,
  dimensions: number,
  { cutoff = 0.5, nonZeroLossCutoff = 1.4 }: Omit<DistanceWeightedMinerOptions, 'rng'> = {},
): number {
  const d = Math.max(distance, cutoff);
  if (d >= nonZeroLossCutoff) return Number.NEGATIVE_INFINITY;
  const weight = (2 - dimensions) * Math.log(d) - ((dimensions - 3) / 2) * Math.log(1 - (d * d) / 4);
  return Number.isFinite(weight) ? weight : Number.NEGATIVE_INFINITY;
}

/**
 * Distance-weighted sampling (Wu et al., ICCV 2017): each positive pair with one negative of its anchor, drawn by
 * {@link logDistanceWeight}, so that near and far negatives come up alike. Anchors with nothing to draw from give no triplet.
 *
 * It takes distances and similarities between unit rows; each call draws from `rng`.
 *
 * @throws OptionError; the miner itself too, for a distance between rows of any length
 */
export function distanceWeightedMiner({ rng, cutoff, nonZeroLossCutoff }: DistanceWeightedMinerOptions): Miner {
  if (!rng) throw new OptionError('distanceWeightedMiner: expected an rng, got none');
  const bounds = {
    cutoff: requireNumber('cutoff', cutoff ?? 0.5, { low: 0, exclusive: true }),
    nonZeroLossCutoff: requireNumber('nonZeroLossCutoff', nonZeroLossCutoff ?? 1.4, { low: 0, exclusive: true }),
  };
  return (comparison) => {
    const { rows, columns, values, dimensions, distance } = comparison;
    const { toCosine } = distance;
    if (!toCosine) {
      throw new OptionError(
        `distanceWeightedMiner: expected a distance between unit rows, got '${distance.name}' of rows of any length`,
      );
    }
    const [same, other] = [new Int32Array(columns), new Int32Array(columns)];
    const cumulative = new Float64Array(columns);
    const [anchors, positives, negatives] = [new IndexList(), new IndexList(), new IndexList()];
    for (let a = 0; a < rows; a++) {
      const sameCount = positivesOf(comparison, a, same);
      if (sameCount === 0) continue;
      const otherCount = negativesOf(comparison, a, other);
      let largest = Number.NEGATIVE_INFINITY;
      for (let o = 0; o < otherCount; o++) {
        const d = Math.sqrt(Math.max(0, 2 - 2 * toCosine(values[a * columns + other[o]!]!)));
        cumulative[o] = logDistanceWeight(d, dimensions, bounds);
        largest = Math.max(largest, cumulative[o]!);
      }
      if (largest === Number.NEGATIVE_INFINITY) continue;
      let sum = 0;
      for (let o = 0; o < otherCount; o++) {
        sum += Math.exp(cumulative[o]! - largest);
        cumulative[o] = sum;
      }
      for (let s = 0; s < sameCount; s++) {
        const drawn = sum * rng.uniform();
        let o = 0;
        while (o < otherCount - 1 && !(cumulative[o]! > drawn)) o++;
        anchors.push(a);
        positives.push(same[s]!);
        negatives.push(other[o]!);
      }
    }
    return {
      kind: 'triplets',
      anchors: anchors.toArray(),
      positives: positives.toArray(),
      negatives: negatives.toArray(),
    };
  };
}
