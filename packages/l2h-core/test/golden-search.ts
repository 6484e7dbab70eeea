import type { GoldenCalls } from '@tensor-papers/tools/golden';
import { type Codes, codesToBytes } from '../src/codes/codes.js';
import { hammingAll, popcount, wordsAt } from '../src/codes/hamming.js';
import { FlatIndex } from '../src/search/flat-index.js';
import { MultiIndexHashing } from '../src/search/multi-index-hashing.js';
import { multiProbe } from '../src/search/multi-probe.js';
import { topK } from '../src/search/top-k.js';
import { asymmetricDistances, weightedHamming } from '../src/search/weighted-hamming.js';
import { codesOf } from './codes.js';

interface Inputs {
  a: number[];
  b: number[];
  bits: string[];
  query: string;
  r: number[];
  margins: number[];
  weights: number[];
  p: number[];
}

interface Options {
  bits: number;
  tables: number;
  probes: number;
  k: number;
  radius: number;
  alpha?: number;
  fallback?: string;
}

const rowsOf = (values: ArrayLike<number>, columns: number) =>
  Array.from({ length: values.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => values[i * columns + j]!),
  );

function multiIndexHashing(codes: Codes, m: number) {
  const index = new MultiIndexHashing({ bits: codes.bits, m, fallback: false });
  index.add(codes);
  return index;
}

export const searchCalls: GoldenCalls = {
  'xor-popcount-of-unsigned': ({ a, b }: Inputs) => ({ count: a.map((word, i) => popcount(word ^ b[i]!)) }),
  'packing-2_1-api-bit': ({ bits }: Inputs) => {
    const codes = codesOf(bits);
    return {
      words: rowsOf(codes.words, Math.ceil(codes.bits / 32)),
      bytes: rowsOf(codesToBytes(codes), Math.ceil(codes.bits / 8)),
      hamming: bits.map((_, i) => hammingAll(wordsAt(codes, i), codes)),
    };
  },
  // One code and its complement: of 0 … r no radius finds the code, so that all shells are visited.
  'mih-buckets-probed-for': ({ r }: Inputs, { bits, tables }: Options) => {
    const index = multiIndexHashing(codesOf(['1'.repeat(bits)]), tables);
    const query = codesOf(['0'.repeat(bits)]);
    return {
      buckets: r.map((radius) => {
        index.rangeSearch(query, radius);
        return index.stats().buckets;
      }),
    };
  },
  'mih-2_3-2_4-first': (
    { bits, query }: Inputs,
    { tables, fallback = 'off' }: Options,
    { results }: { results: { k: number }[] },
  ) => {
    if (fallback !== 'off') throw new Error(`another fallback: ${fallback}`);
    const index = multiIndexHashing(codesOf(bits), tables);
    return {
      results: results.map(({ k }) => {
        const { ids, distances } = index.search(codesOf([query]), k);
        const { radius, buckets } = index.stats();
        // Distinct items in these buckets: those that a search for all of them meets up to the same radius.
        const verified = new Set<number>();
        const filter = (id: number) => {
          if (index.stats().radius <= radius) verified.add(id);
          return true;
        };
        index.search(codesOf([query]), bits.length + 1, { filter });
        const found = distances.filter((distance) => distance >= 0).length;
        return {
          k,
          ids: Array.from(ids).slice(0, found),
          distances: Array.from(distances).slice(0, found),
          radius,
          buckets,
          verified: verified.size,
        };
      }),
    };
  },
  'query-directed-multi-probe': ({ margins }: Inputs, { probes }: Options) => ({
    flips: Array.from(multiProbe(0, margins, probes), (key) =>
      margins.flatMap((_, bit) => ((key >>> bit) & 1 ? [bit] : [])),
    ),
  }),
  '2_3-hamming-first-k': ({ bits, query, weights, p }: Inputs, { k, radius, alpha = 1 }: Options) => {
    const [codes, queries] = [codesOf(bits), codesOf([query])];
    const index = new FlatIndex({ bits: codes.bits });
    index.add(codes);
    const hamming = hammingAll(queries.words, codes);
    return {
      hamming,
      topK: topK(hamming, k).indices,
      range: index.rangeSearch(queries, radius).ids,
      weighted: weightedHamming(queries.words, codes, weights),
      reranked: index.search(queries, k, { rerank: { weights } }).ids,
      asymmetric: asymmetricDistances(p, codes, alpha),
    };
  },
};
