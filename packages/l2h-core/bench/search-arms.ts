import type { FitOptions } from '../src/index.js';
import { Itq } from '../src/index.js';
import { FlatIndex } from '../src/search/flat-index.js';
import { MultiIndexHashing } from '../src/search/multi-index-hashing.js';
import type { HashingConfig } from './config.js';
import type { Splits } from './splits.js';

const k = 10;

/**
 * Flat scan and multi-index hashing on the same codes: distances of what they find, which have to be equal, and how many distances each
 * computes.
 */
export async function exactSearchArms(config: HashingConfig, { queries, database }: Splits, learning: FitOptions) {
  const bits = config.bits.at(-1)!;
  const hasher = new Itq({ bits });
  const { labels: _, ...unlabelled } = learning;
  await hasher.fit(database.vectors, unlabelled);
  const encoding = { ...(learning.operations && { operations: learning.operations }) };
  const codes = await hasher.encode(database.vectors, encoding);
  const asked = await hasher.encode(queries.vectors, encoding);
  const outcome = [];
  for (const index of [new FlatIndex({ bits }), new MultiIndexHashing({ bits })]) {
    index.add(codes);
    const { ids, distances } = index.search(asked, Math.min(k, codes.n));
    // A checksum of everything that was found, in order: results that differ have the same one by chance only.
    let sum = 0;
    ids.forEach((id, i) => {
      sum = (sum * 31 + id * 127 + distances[i]!) % 2_147_483_647;
    });
    const { distances: computed, scans } = index.stats();
    outcome.push({
      'found-checksum': sum,
      'mean-distance': distances.reduce((total, d) => total + d, 0) / distances.length,
      'distances-per-query': computed / asked.n,
      'scanned-queries': (100 * scans) / asked.n,
    });
  }
  return { 'search/flat': outcome[0]!, 'search/mih': outcome[1]! };
}
