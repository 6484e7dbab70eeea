import type { Rng } from '@tensor-papers/numerics/random';
import type { Codes } from '../../src/index.js';
import { FlatIndex, MultiIndexHashing } from '../../src/index.js';
import { type CodeRecipe, codeRange, makeCodes } from '../code-recipes.js';

/** Milliseconds of one query and what it took, one a call. */
function timed(index: FlatIndex | MultiIndexHashing, queries: Codes, k: number) {
  index.search(codeRange(queries, 0, 1), k);
  const [start, sums] = [performance.now(), { distances: 0, scans: 0 }];
  for (let q = 0; q < queries.n; q++) {
    index.search(codeRange(queries, q, q + 1), k);
    const { distances, scans } = index.stats();
    sums.distances += distances;
    sums.scans += scans;
  }
  return {
    ms: (performance.now() - start) / queries.n,
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
