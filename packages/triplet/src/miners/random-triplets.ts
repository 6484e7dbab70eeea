import type { Rng } from '@tensor-papers/numerics/random';
import type { Miner } from './miner.js';
import { tripletMiner } from './triplet-miner.js';

/** One random positive and one random negative an anchor. Each call draws from `rng`. */
export function randomTriplets(rng: Rng): Miner {
  return tripletMiner({ positive: 'random', negative: 'random', rng });
}
