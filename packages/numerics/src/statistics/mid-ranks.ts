import { requireSamples } from './checks.js';
import { stableOrder } from './stable-order.js';

/** The mid-ranks of samples that were checked already. */
export function uncheckedMidRanks(samples: ArrayLike<number>): Float64Array {
  const n = samples.length;
  const order = stableOrder(samples);
  const ranks = new Float64Array(n);
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && samples[order[end]!] === samples[order[start]!]) end++;
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/**
 * The rank of each sample, 1 for the smallest; equal samples share the mean of their ranks.
 *
 * @returns `[n]` multiples of ½ with sum n(n + 1)/2
 * @throws TooFewSamplesError for no sample; NonFiniteSampleError
 */
export function midRanks(samples: ArrayLike<number>): Float64Array {
  requireSamples('midRanks', samples);
  return uncheckedMidRanks(samples);
}
