import { requireNumber, requireOneOf } from '../checks.js';
import type { TripletRange } from '../pairs/tuples.js';
import type { Miner } from './miner.js';

/** Options of {@link marginTriplets}. */
export interface MarginTripletsOptions {
  /** m ≥ 0. Default 0.2. */
  readonly margin?: number;
  /** Default `'all'`. */
  readonly type?: 'all' | 'hard' | 'semiHard' | 'easy';
}

/**
 * All triplets by their gap S_ap − S_an (d_an − d_ap) and a margin m: `all` violate it, gap ≤ m; of these `hard` have gap ≤ 0 and
 * `semiHard` 0 < gap ≤ m; `easy` are the others, gap > m.
 *
 * `semiHard` is one of three meanings of the word: see `tripletMiner` for the others. Nothing is listed, so memory does not grow with
 * the number of triplets.
 *
 * @throws OptionError
 */
export function marginTriplets({ margin = 0.2, type = 'all' }: MarginTripletsOptions = {}): Miner {
  requireNumber('margin', margin, { low: 0 });
  requireOneOf('type', type, ['all', 'hard', 'semiHard', 'easy']);
  const bounds: Readonly<Record<typeof type, readonly [number, number]>> = {
    all: [Number.NEGATIVE_INFINITY, margin],
    hard: [Number.NEGATIVE_INFINITY, 0],
    semiHard: [0, margin],
    easy: [margin, Number.POSITIVE_INFINITY],
  };
  const [above, upTo] = bounds[type];
  const range: TripletRange = { kind: 'range', above, upTo };
  return () => range;
}
