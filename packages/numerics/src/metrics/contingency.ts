import { EmptyMetricError, MetricLabelError, MetricLengthError } from './errors.js';

/** Two partitions of the same examples, and how their parts overlap; only overlaps that occur are listed. */
export interface Contingency {
  readonly examples: number;
  /** Sizes of the parts of the first and of the second partition. */
  readonly sizesA: Float64Array;
  readonly sizesB: Float64Array;
  /** Overlap i: part `partA[i]` of the first and `partB[i]` of the second share `counts[i]` examples. */
  readonly partA: Int32Array;
  readonly partB: Int32Array;
  readonly counts: Float64Array;
}

/** Parts numbered 0, 1, … in order of appearance. */
function numberParts(labels: ArrayLike<number>, what: string): { parts: Int32Array; sizes: Float64Array } {
  const numbers = new Map<number, number>();
  const parts = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isSafeInteger(label)) throw new MetricLabelError(`${what}[${i}]: expected an integer, got ${label}`);
    let part = numbers.get(label);
    if (part === undefined) {
      part = numbers.size;
      numbers.set(label, part);
    }
    parts[i] = part;
  }
  const sizes = new Float64Array(numbers.size);
  for (const part of parts) sizes[part]!++;
  return { parts, sizes };
}

/** Checks two lists of cluster ids (any integers) and counts how they overlap. */
export function contingency(a: ArrayLike<number>, b: ArrayLike<number>, [nameA, nameB] = ['a', 'b']): Contingency {
  if (a.length !== b.length) {
    throw new MetricLengthError(`expected ${nameA} and ${nameB} of equal length, got ${a.length} and ${b.length}`);
  }
  if (a.length === 0) throw new EmptyMetricError('expected at least one example, got none');
  const first = numberParts(a, nameA);
  const second = numberParts(b, nameB);
  const overlaps = new Map<number, number>();
  const width = second.sizes.length;
  for (let i = 0; i < a.length; i++) {
    const key = first.parts[i]! * width + second.parts[i]!;
    overlaps.set(key, (overlaps.get(key) ?? 0) + 1);
  }
  const keys = Float64Array.from(overlaps.keys());
  return {
    examples: a.length,
    sizesA: first.sizes,
    sizesB: second.sizes,
    partA: Int32Array.from(keys, (key) => Math.floor(key / width)),
    partB: Int32Array.from(keys, (key) => key % width),
    counts: Float64Array.from(overlaps.values()),
  };
}

/** Whether two partitions are the same up to the names of their parts. */
export function samePartition({ sizesA, sizesB, counts }: Contingency): boolean {
  return counts.length === sizesA.length && counts.length === sizesB.length;
}

/** Entropy in nats of a partition with parts of these sizes. */
export function entropy(sizes: Float64Array, examples: number): number {
  let sum = 0;
  for (const size of sizes) sum -= (size / examples) * Math.log(size / examples);
  return Math.max(0, sum);
}

/** Mutual information in nats: Σ n_ij/n log(n n_ij / (a_i b_j)). */
export function mutualInformation({ examples, sizesA, sizesB, partA, partB, counts }: Contingency): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const product = sizesA[partA[i]!]! * sizesB[partB[i]!]!;
    sum += (counts[i]! / examples) * Math.log((examples * counts[i]!) / product);
  }
  return Math.max(0, sum);
}

/** Σ over parts of size · (size − 1): ordered pairs of examples that share a part. */
export function pairsWithin(sizes: Float64Array): number {
  let sum = 0;
  for (const size of sizes) sum += size * (size - 1);
  return sum;
}
