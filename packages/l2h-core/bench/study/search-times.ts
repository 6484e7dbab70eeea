import type { Rng } from '@tensor-papers/numerics/random';
import type { Codes } from '../../src/index.js';
import { FlatIndex, MultiIndexHashing } from '../../src/index.js';
import { type CodeRecipe, codeRange, makeCodes } from '../code-recipes.js';

/** Queries before the timed ones. */
const warmUp = 20;

/** Milliseconds of the middle query, one a call, which other work on the machine moves little; and what a query took on average. */
function timed(index: FlatIndex | MultiIndexHashing, queries: Codes, k: number) {
  for (let q = 0; q < Math.min(warmUp, queries.n); q++) index.search(codeRange(queries, q, q + 1), k);
  const times: number[] = [];
  const sums = { distances: 0, scans: 0 };
  for (let q = 0; q < queries.n; q++) {
    const query = codeRange(queries, q, q + 1);
    const start = performance.now();
    index.search(query, k);
    times.push(performance.now() - start);
    const { distances, scans } = index.stats();
    sums.distances += distances;
    sums.scans += scans;
  }
  times.sort((a, b) => a - b);
  return {
    ms: times[times.length >> 1]!,
    distances: sums.distances / queries.n,
    scans: sums.scans / queries.n,
  };
}

/** Flat scan and multi-index hashing on the same codes, by k. */
export async function searchTimes(recipe: CodeRecipe, n: number, ks: readonly number[], queries: number, rng: Rng) {
  const all = await makeCodes(recipe, n + queries, rng);
  const [database, asked] = [codeRange(all, 0, n), codeRange(all, n, n + queries)];
  const [flat, mih] = [new FlatIndex({ bits: 64 }), new MultiIndexHashing({ bits: 64 })];
  for (const index of [flat, mih]) index.add(database);
  return ks.map((k) => {
    const [ours, theirs] = [timed(mih, asked, k), timed(flat, asked, k)];
    return {
      'mih-ms': ours.ms,
      'flat-ms': theirs.ms,
      'speed-up': theirs.ms / ours.ms,
      'distances-share': (100 * ours.distances) / theirs.distances,
      'scanned-queries': 100 * ours.scans,
    };
  });
}
