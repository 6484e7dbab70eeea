import type { Miner } from './miner.js';
import { type TripletMinerOptions, tripletMiner } from './triplet-miner.js';

/** An option of the miners with an easy positive: see `tripletMiner`. */
export type DuplicateOption = Pick<TripletMinerOptions, 'duplicateThreshold'>;

/** EPHN, the mining of HN and SCT: easy positive, hardest negative. */
export function easyPositiveHardNegative(options: DuplicateOption = {}): Miner {
  return tripletMiner({ positive: 'easy', negative: 'hardest', ...options });
}

/** EPSHN, the mining of SHN: easy positive, hardest negative that is not closer; anchors without one are left out. */
export function easyPositiveSemiHardNegative(options: DuplicateOption = {}): Miner {
  return tripletMiner({ positive: 'easy', negative: 'semiHard', ...options });
}
