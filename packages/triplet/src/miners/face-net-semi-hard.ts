import type { Miner } from './miner.js';
import { tripletMiner } from './triplet-miner.js';

/** FaceNet's semi-hard mining (Schroff et al., CVPR 2015): each positive with the closest negative that is farther, else with the farthest. */
export function faceNetSemiHard(): Miner {
  return tripletMiner({ positive: 'all', negative: 'faceNet' });
}
