import type { Rng } from '@tensor-papers/numerics/random';
import { type Codes, takeCodes, wordsOf } from '../codes/codes.js';
import { hammingAll, wordsAt } from '../codes/hamming.js';
import type { ScanKernel } from '../search/code-memory.js';
import { type CodeAssignment, CodeCentroids } from './code-centroids.js';

export interface HammingKMeansOptions {
  readonly rng: Rng;
  /** At most that many updates. */
  readonly iterations: number;
  readonly kernel?: ScanKernel | undefined;
  /** Awaited between blocks of work, and with the fraction and the objective after each update. */
  readonly step: (fraction?: number, objective?: number) => Promise<void>;
}

export interface HammingKMeans {
  readonly centroids: Codes;
  readonly assignment: CodeAssignment;
  /** Σ d_H(code, centroid) at the start and after each update. */
  readonly objective: readonly number[];
}

/** Codes that are assigned between two pauses. */
const block = 8192;

/**
 * k-majority: k-means of binary codes in Hamming distance (Grana et al., 2013). Each code goes to the nearest centroid (of equally near ones
 * the lowest); each bit of a centroid becomes that of most of its codes, 1 where they are half and half. It starts with k-means++, which
 * draws by Hamming distance, the squared Euclidean one of ±1 vectors up to a factor.
 *
 * A centroid without codes moves to the code that is farthest from its own centroid and not alone there, of equally far ones the first; it
 * stays where there is none, as when fewer than k codes are different.
 */
export async function hammingKMeans(codes: Codes, k: number, options: HammingKMeansOptions): Promise<HammingKMeans> {
  const { rng, iterations, kernel, step } = options;
  const centroids = new CodeCentroids(await plusPlusCodes(codes, k, rng, step), kernel);
  const assignment = { lists: new Uint16Array(codes.n), distances: new Uint16Array(codes.n) };
  const objective: number[] = [];
  for (let i = 0; ; i++) {
    for (let from = 0; from < codes.n; from += block) {
      centroids.assign(codes, assignment, from, Math.min(codes.n, from + block));
      await step();
    }
    objective.push(assignment.distances.reduce((sum, distance) => sum + distance, 0));
    const isDone = i === iterations || objective.at(-1) === objective.at(-2);
    await step(isDone ? 1 : i / iterations, objective.at(-1));
    if (isDone) return { centroids: centroids.codes, assignment, objective };
    const moved = assignment.lists.slice();
    fillEmptyLists(moved, assignment.distances, k);
    centroids.codes = majorityCodes(codes, moved, centroids.codes);
  }
}

/** Codes drawn one after the other in proportion to the distance from the nearest one so far; when no distance is left, the first again. */
async function plusPlusCodes(codes: Codes, k: number, rng: Rng, step: () => Promise<void>): Promise<Codes> {
  const chosen = [rng.integer(codes.n)];
  const distances = hammingAll(wordsAt(codes, chosen[0]!), codes);
  const latest = new Uint16Array(codes.n);
  while (chosen.length < k) {
    const next = drawn(distances, rng) ?? chosen[0]!;
    chosen.push(next);
    hammingAll(wordsAt(codes, next), codes, latest);
    for (let i = 0; i < codes.n; i++) if (latest[i]! < distances[i]!) distances[i] = latest[i]!;
    await step();
  }
  return takeCodes(codes, chosen);
}

function drawn(weights: Uint16Array, rng: Rng): number | undefined {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  if (total === 0) return undefined;
  let left = rng.integer(total);
  for (let i = 0; ; i++) {
    left -= weights[i]!;
    if (left < 0) return i;
  }
}

/** Gives each list without codes the farthest code that is not alone in its list. */
export function fillEmptyLists(lists: Uint16Array, distances: Uint16Array, k: number): void {
  const counts = new Uint32Array(k);
  for (const list of lists) counts[list]!++;
  if (!counts.includes(0)) return;
  const farthest = Array.from(distances.keys())
    .filter((i) => distances[i]! > 0)
    .sort((a, b) => distances[b]! - distances[a]! || a - b);
  let at = 0;
  for (let list = 0; list < k; list++) {
    if (counts[list] !== 0) continue;
    while (at < farthest.length && counts[lists[farthest[at]!]!]! < 2) at++;
    if (at === farthest.length) return;
    const code = farthest[at++]!;
    counts[lists[code]!]!--;
    counts[list] = 1;
    lists[code] = list;
  }
}

/** The bits of most codes of each list, 1 where they are half and half; a list without codes keeps its centroid. */
export function majorityCodes({ bits, words, n }: Codes, lists: ArrayLike<number>, before: Codes): Codes {
  const perCode = wordsOf(bits);
  const counts = new Uint32Array(before.n);
  const ones = new Uint32Array(before.n * bits);
  for (let i = 0, at = 0; i < n; i++) {
    const list = lists[i]!;
    counts[list]!++;
    for (let w = 0; w < perCode; w++, at++) {
      for (let left = words[at]!; left !== 0; left &= left - 1) {
        ones[list * bits + 32 * w + 31 - Math.clz32(left & -left)]!++;
      }
    }
  }
  const majority = before.words.slice();
  for (let list = 0; list < before.n; list++) {
    if (counts[list] === 0) continue;
    majority.fill(0, list * perCode, (list + 1) * perCode);
    for (let b = 0; b < bits; b++) {
      if (2 * ones[list * bits + b]! >= counts[list]!) majority[list * perCode + (b >>> 5)]! |= 1 << (b & 31);
    }
  }
  return { n: before.n, bits, words: majority };
}
