import type { Rng } from '@tensor-papers/numerics/random';
import type { Miner } from './miner.js';
import { type TripletMinerOptions, tripletMiner } from './triplet-miner.js';

/** An option of the miners with an easy positive: see {@link tripletMiner}. */
export type DuplicateOption = Pick<TripletMinerOptions, 'duplicateThreshold'>;

/** Batch hard: each anchor with its farthest positive and its closest negative. */
export function batchHard(): Miner {
  return tripletMiner({ positive: 'hard', negative: 'hardest' });
}

/** EPHN, the mining of HN and SCT: easy positive, hardest negative. */
export function easyPositiveHardNegative(options: DuplicateOption = {}): Miner {
  return tripletMiner({ positive: 'easy', negative: 'hardest', ...options });
}

/** EPSHN, the mining of SHN: easy positive, hardest negative that is not closer; anchors without one are left out. */
export function easyPositiveSemiHardNegative(options: DuplicateOption = {}): Miner {
  return tripletMiner({ positive: 'easy', negative: 'semiHard', ...options });
}

/** FaceNet's semi-hard mining: each positive with the closest negative that is farther, else with the farthest. */
export function faceNetSemiHard(): Miner {
  return tripletMiner({ positive: 'all', negative: 'faceNet' });
}

/** One random positive and one random negative an anchor. */
export function randomTriplets(rng: Rng): Miner {
  return tripletMiner({ positive: 'random', negative: 'random', rng });
}
