import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { bitsOf, clusteredCodes, hitsOf, randomCodes, textDistance } from '../../test/codes.js';
import { CodeShapeError, HashOptionError } from '../errors.js';
import { FlatIndex } from './flat-index.js';
import { asymmetricDistances, weightedHamming, weightedTables } from './weighted-hamming.js';

const uniform = (count: number, seed: number) => {
  const rng = createRng(seed);
  return Float64Array.from({ length: count }, () => rng.uniform());
};

const slowWeighted = (a: string, b: string, weights: ArrayLike<number>) =>
  Array.from(a).reduce((sum, bit, i) => sum + (bit === b[i] ? 0 : weights[i]!), 0);

describe.each([1, 8, 13, 32, 47, 64, 100])('%i bits', (bits) => {
  const codes = randomCodes(30, bits, 1);
  const query = randomCodes(1, bits, 2);

  it('weighted distances equal a sum bit by bit', () => {
    const weights = uniform(bits, 3);
    const got = weightedHamming(query.words, codes, weights);
    for (let i = 0; i < codes.n; i++) {
      expect(got[i]).toBeCloseTo(slowWeighted(bitsOf(codes, i), bitsOf(query, 0), weights), 10);
    }
  });

  it('asymmetric distances equal a sum bit by bit', () => {
    const projection = uniform(bits, 4).map((p) => 2 * p - 1);
    const got = asymmetricDistances(projection, codes, 0.7);
    for (let i = 0; i < codes.n; i++) {
      const slow = Array.from(bitsOf(codes, i)).reduce(
        (sum, bit, b) => sum + (projection[b]! - (bit === '1' ? 0.7 : -0.7)) ** 2,
        0,
      );
      expect(got[i]).toBeCloseTo(slow, 10);
    }
  });
});

it('with weights of 1 it is the Hamming distance', () => {
  const [codes, query] = [randomCodes(50, 75, 5), randomCodes(1, 75, 6)];
  const got = weightedHamming(query.words, codes, new Float32Array(75).fill(1));
  expect(Array.from(got)).toEqual(
    Array.from({ length: 50 }, (_, i) => textDistance(bitsOf(codes, i), bitsOf(query, 0))),
  );
});

it('tables hold the sums of the weights of a byte', () => {
  const tables = weightedTables([1, 2, 4, 8, 16, 32, 64, 128, 0.5]);
  expect(Array.from(tables.subarray(0, 256))).toEqual(Array.from({ length: 256 }, (_, value) => value));
  expect(Array.from(tables.subarray(256, 260))).toEqual([0, 0.5, 0, 0.5]);
});

describe('rerank', () => {
  const bits = 24;
  const [codes, queries] = [clusteredCodes(400, bits, 7, 2), clusteredCodes(35, bits, 8, 2)];
  const weights = uniform(35 * bits, 9);
  const index = new FlatIndex({ bits });
  index.add(codes);
  const itemsFor = (q: number) =>
    Array.from({ length: codes.n }, (_, id) => ({
      id,
      distance: textDistance(bitsOf(codes, id), bitsOf(queries, q)),
      weight: slowWeighted(bitsOf(codes, id), bitsOf(queries, q), weights.subarray(q * bits, (q + 1) * bits)),
    }));

  it('orders ties by weighted distance, also those across the k-th place', () => {
    const { ids, distances, weighted } = index.search(queries, 7, { rerank: { weights } });
    for (const q of [0, 34]) {
      const expected = itemsFor(q)
        .sort((a, b) => a.distance - b.distance || a.weight - b.weight || a.id - b.id)
        .slice(0, 7);
      expect(hitsOf({ ids, distances }, 7, q)).toEqual(expected.map(({ id, distance }) => ({ id, distance })));
      expected.forEach(({ weight }, i) => {
        expect(weighted![q * 7 + i]).toBeCloseTo(weight, 10);
      });
    }
  });

  it('orders the nearest candidates by weighted distance alone', () => {
    const { ids } = index.search(queries, 7, { rerank: { weights, candidates: 60 } });
    for (const q of [0, 34]) {
      const near = itemsFor(q)
        .sort((a, b) => a.distance - b.distance || a.id - b.id)
        .slice(0, 60);
      const expected = near.sort((a, b) => a.weight - b.weight || a.id - b.id).slice(0, 7);
      expect(Array.from(ids.subarray(q * 7, q * 7 + 7))).toEqual(expected.map(({ id }) => id));
    }
  });

  it('says where nothing was found', () => {
    const small = new FlatIndex({ bits });
    small.add({ ...codes, n: 1, words: codes.words.subarray(0, 1) });
    const { ids, weighted } = small.search({ ...queries, n: 1, words: queries.words.subarray(0, 1) }, 2, {
      rerank: { weights: weights.subarray(0, bits) },
    });
    expect([ids[0], ids[1], weighted![1]]).toEqual([0, -1, -1]);
    expect(weighted![0]).toBeGreaterThan(0);
  });

  it('refuses weights of another shape and too few candidates', () => {
    expect(() => index.search(queries, 7, { rerank: { weights: weights.subarray(1) } })).toThrow(CodeShapeError);
    expect(() => index.search(queries, 7, { rerank: { weights, candidates: 6 } })).toThrow(HashOptionError);
  });
});

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a weight of %p', (weight) => {
  expect(() => weightedTables([1, weight])).toThrow(HashOptionError);
});

it('refuses other numbers of bits', () => {
  const codes = randomCodes(2, 40, 1);
  expect(() => weightedHamming(codes.words.subarray(0, 2), codes, new Float64Array(39))).toThrow(CodeShapeError);
  expect(() => weightedHamming(codes.words, codes, new Float64Array(40))).toThrow(CodeShapeError);
  expect(() => weightedHamming(codes.words.subarray(0, 2), codes, new Float64Array(40), new Float64Array(1))).toThrow(
    CodeShapeError,
  );
  expect(() => asymmetricDistances(new Float64Array(39), codes)).toThrow(CodeShapeError);
});
