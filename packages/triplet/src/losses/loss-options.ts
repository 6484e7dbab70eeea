import type { Distance } from '../distances/distance.js';
import type { Miner } from '../miners/miner.js';
import type { ReferenceSet } from '../pairs/comparison.js';
import type { Tuples } from '../pairs/tuples.js';
import type { Reducer } from '../reducers/reducer.js';

/**
 * What all losses over batches take; any combination goes together.
 *
 * These losses read the distances and compute loss and gradient in one go, so they are differentiable once: a gradient of their gradient
 * would be wrong.
 */
export interface LossOptions {
  readonly distance?: Distance;
  /** What chooses the triplets or pairs, or a choice of your own. Default: all there are. */
  readonly miner?: Miner | Tuples;
  readonly reducer?: Reducer;
  /** What the batch is compared with: a gallery, proxies, a memory. Default: itself, no row with its own. */
  readonly reference?: ReferenceSet;
}
