import type { Rng } from '@tensor-papers/numerics/random';
import { requireInteger } from './checks.js';
import { OptionError } from './errors.js';

/** How long a phase trains: passes over its examples, or steps. */
export type PhaseLength = { readonly epochs: number } | { readonly steps: number };

/** Options of {@link trainingOrder}. */
export interface TrainingOrderOptions {
  /** L, the number of labelled examples; they come first, 0 … L − 1. */
  readonly labeled: number;
  /** P, the number of pseudo-labelled examples, L … L + P − 1. */
  readonly pseudo: number;
  readonly batchSize: number;
  /**
   * Share of every batch that is labelled, in (0, 1): the labelled examples come again and again, the pseudo-labelled ones once an
   * epoch. Default: all examples alike, so that few labels drown among many pseudo-labels, as in the paper.
   */
  readonly labeledFraction?: number;
  /** Go on with further epochs until there are that many batches. Default: one epoch. */
  readonly steps?: number;
  readonly rng: Rng;
}

/**
 * The order in which a phase sees its examples, a batch after the other.
 *
 * @returns example numbers; all batches but the last of an epoch are full, with `steps` all of them
 */
export function trainingOrder(options: TrainingOrderOptions): Int32Array {
  const { batchSize, steps, rng } = options;
  if (steps === undefined) return oneEpoch(options, rng);
  const order: number[] = [];
  const wanted = steps * batchSize;
  for (let epoch = 0; order.length < wanted; epoch++) {
    for (const example of oneEpoch({ ...options, fullBatches: true }, rng.stream(epoch))) order.push(example);
  }
  return Int32Array.from(order.slice(0, wanted));
}

function oneEpoch(options: TrainingOrderOptions & { readonly fullBatches?: boolean }, rng: Rng): Int32Array {
  const { labeled, pseudo, labeledFraction, batchSize, fullBatches = false } = options;
  // Without a share per batch, epochs follow each other within a batch: that is full by itself.
  if (labeledFraction === undefined || pseudo === 0) return rng.stream('order').permutation(labeled + pseudo);
  const own = Math.min(batchSize - 1, Math.max(1, Math.round(labeledFraction * batchSize)));
  const [nextLabeled, nextPseudo] = [endless(labeled, rng.stream('labeled')), endless(pseudo, rng.stream('pseudo'))];
  const order: number[] = [];
  for (let left = pseudo; left > 0; left -= batchSize - own) {
    for (let i = 0; i < own; i++) order.push(nextLabeled());
    const others = fullBatches ? batchSize - own : Math.min(left, batchSize - own);
    for (let i = 0; i < others; i++) order.push(labeled + nextPseudo());
  }
  return Int32Array.from(order);
}

/** 0 … count − 1 in a random order, then in another one, and so on. */
function endless(count: number, rng: Rng): () => number {
  let order = rng.permutation(count);
  let position = 0;
  return () => {
    if (position === count) {
      order = rng.permutation(count);
      position = 0;
    }
    return order[position++]!;
  };
}

/** @internal Throws unless the length is a number of epochs or of steps. */
export function requirePhaseLength(what: string, length: PhaseLength): void {
  const { epochs, steps } = length as { epochs?: number; steps?: number };
  if ((epochs === undefined) === (steps === undefined)) {
    throw new OptionError(`${what}: expected { epochs } or { steps }, got ${JSON.stringify(length)}`);
  }
  requireInteger(`${what}: ${steps === undefined ? 'epochs' : 'steps'}`, (steps ?? epochs)!, 1);
}

/** @internal Throws unless a share of a batch can be taken. */
export function requireLabeledFraction(fraction: number | undefined, batchSize: number): void {
  if (fraction === undefined) return;
  if (!(fraction > 0 && fraction < 1)) {
    throw new OptionError(`labeledFraction: expected a share in (0, 1), got ${fraction}`);
  }
  if (batchSize < 2) throw new OptionError('labeledFraction: expected a batchSize of at least 2, got 1');
}
