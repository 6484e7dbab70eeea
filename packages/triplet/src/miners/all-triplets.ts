import { ALL_TRIPLETS } from '../pairs/tuples.js';
import type { Miner } from './miner.js';

/** Every valid triplet ("batch all"), up to B(K − 1)(B − K): what a loss takes without a miner. */
export function allTriplets(): Miner {
  return () => ALL_TRIPLETS;
}
