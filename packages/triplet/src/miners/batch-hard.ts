import type { Miner } from './miner.js';
import { tripletMiner } from './triplet-miner.js';

/** Batch hard (Hermans et al., 2017): each anchor with its farthest positive and its closest negative. */
export function batchHard(): Miner {
  return tripletMiner({ positive: 'hard', negative: 'hardest' });
}
