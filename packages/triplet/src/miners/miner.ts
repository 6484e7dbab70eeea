import type { Comparison } from '../pairs/comparison.js';
import type { Tuples } from '../pairs/tuples.js';

/** Chooses triplets or pairs of a comparison. Ties go to the lowest index. No gradient flows through the choice. */
export type Miner = (comparison: Comparison) => Tuples;
