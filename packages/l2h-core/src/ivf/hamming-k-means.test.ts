import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { bitsOf, clusteredCodes, codesOf, randomCodes, textDistance } from '../../test/codes.js';
import type { Codes } from '../codes/codes.js';
import { CodeCentroids } from './code-centroids.js';
import { fillEmptyLists, hammingKMeans, majorityCodes } from './hamming-k-means.js';

const run = (codes: Codes, k: number, seed: number, iterations = 20, kernel?: 'js') =>
  hammingKMeans(codes, k, { rng: createRng(seed), iterations, kernel, step: async () => {} });

const textsOf = (codes: Codes) => Array.from({ length: codes.n }, (_, i) => bitsOf(codes, i));

/** The nearest of some texts, of equally near ones the first, bit by bit. */
function nearestText(text: string, texts: readonly string[]) {
  const distances = texts.map((other) => textDistance(text, other));
  const distance = Math.min(...distances);
  return { list: distances.indexOf(distance), distance };
}

/** What most of some texts have, 1 where they are half and half. */
const majorityText = (texts: readonly string[]) =>
  Array.from(texts[0]!, (_, b) =>
    2 * texts.filter((text) => text[b] === '1').length >= texts.length ? '1' : '0',
  ).join('');

const sizes = fc.record({
  bits: fc.constantFrom(1, 5, 31, 32, 33, 64, 70, 130),
  n: fc.integer({ min: 1, max: 120 }),
  k: fc.integer({ min: 1, max: 40 }),
  seed: fc.nat(1e6),
  clustered: fc.boolean(),
});

describe('hammingKMeans', () => {
  it('never rises, and its codes lie in the nearest lists (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.constantFrom(undefined, 'js' as const),
        async ({ bits, n, k, seed, clustered }, kernel) => {
          const codes = (clustered ? clusteredCodes : randomCodes)(n, bits, seed);
          const { centroids, assignment, objective } = await run(codes, Math.min(k, n), seed, 20, kernel);
          const texts = textsOf(centroids);
          const nearest = textsOf(codes).map((text) => nearestText(text, texts));
          expect(Array.from(assignment.lists)).toEqual(nearest.map(({ list }) => list));
          expect(Array.from(assignment.distances)).toEqual(nearest.map(({ distance }) => distance));
          expect(objective.at(-1)).toBe(nearest.reduce((sum, { distance }) => sum + distance, 0));
          objective.slice(1).forEach((value, i) => {
            expect(value).toBeLessThanOrEqual(objective[i]!);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the slow way, from the same start', async () => {
    const codes = clusteredCodes(90, 40, 3, 9);
    const start = await run(codes, 6, 11, 0);
    expect(start.objective.length).toBe(1);
    let centroids = textsOf(start.centroids);
    const texts = textsOf(codes);
    for (const text of centroids) expect(texts).toContain(text);
    for (const iterations of [1, 2, 3]) {
      const lists = texts.map((text) => nearestText(text, centroids).list);
      expect(new Set(lists).size).toBe(6);
      centroids = centroids.map((_, l) => majorityText(texts.filter((_, i) => lists[i] === l)));
      const { objective, centroids: got } = await run(codes, 6, 11, iterations);
      expect(objective.length).toBe(iterations + 1);
      expect(textsOf(got)).toEqual(centroids);
    }
  });

  it('finds clusters that stand apart', async () => {
    const codes = clusteredCodes(400, 128, 8, 6);
    const { assignment } = await run(codes, 6, 1);
    for (let i = 0; i < 400; i++) expect(assignment.lists[i]).toBe(assignment.lists[i % 6]);
    expect(new Set(assignment.lists).size).toBe(6);
  });

  it('gives the same for the same seed, whoever scans', async () => {
    const codes = randomCodes(300, 64, 5);
    const first = await run(codes, 20, 3);
    expect(await run(codes, 20, 3)).toEqual(first);
    expect(await run(codes, 20, 3, 20, 'js')).toEqual(first);
    expect((await run(codes, 20, 4)).centroids).not.toEqual(first.centroids);
  });

  it('fills a list that loses its codes on the way', async () => {
    // In the second update; without a move one list stays empty and the sum stops at 50.
    const { assignment, objective } = await run(randomCodes(60, 8, 1), 20, 1);
    expect(objective).toEqual([56, 53, 48, 48]);
    expect(new Set(assignment.lists).size).toBe(20);
  });

  it('leaves lists empty where too few codes are different, those that repeat the first', async () => {
    const codes = codesOf(['0000', '1111', '0000', '1111', '0011']);
    const { centroids, objective, assignment } = await run(codes, 5, 2);
    expect(objective.at(-1)).toBe(0);
    expect(new Set(assignment.lists)).toEqual(new Set([0, 1, 2]));
    const texts = textsOf(centroids);
    expect([texts[3], texts[4]]).toEqual([texts[0], texts[0]]);
  });
});

it('majority: a tie is bit 1, a list without codes keeps its centroid, bit 31 counts', () => {
  const codes = codesOf(['0011', '0101', '1000', '0000', '1000']);
  const before = codesOf(['0000', '0110', '0000']);
  expect(textsOf(majorityCodes(codes, [0, 0, 2, 2, 2], before))).toEqual(['0111', '0110', '1000']);
  const wide = (words: number[]) => ({ n: words.length, bits: 32, words: Uint32Array.from(words) });
  expect(majorityCodes(wide([2 ** 31, 2 ** 31 + 1]), [0, 0], wide([5])).words).toEqual(Uint32Array.of(2 ** 31 + 1));
});

it('empty lists take the farthest codes that are not alone, the first of equal ones', () => {
  const filled = (lists: number[], distances: number[], k: number) => {
    const moved = Uint16Array.from(lists);
    fillEmptyLists(moved, Uint16Array.from(distances), k);
    return [...moved];
  };
  expect(filled([0, 0, 0, 2, 2], [1, 4, 4, 9, 3], 4)).toEqual([0, 3, 0, 1, 2]);
  expect(filled([0, 1, 1], [9, 2, 0], 3)).toEqual([0, 2, 1]);
  expect(filled([0, 0], [0, 0], 3)).toEqual([0, 0]);
  expect(filled([1, 0], [5, 5], 2)).toEqual([1, 0]);
});

it('the nearest lists come nearest first, equally near ones by number (property)', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 40 }), ({ bits, n, seed }, count) => {
      const [codes, queries] = [randomCodes(n, bits, seed), randomCodes(3, bits, seed + 1)];
      const perCode = Math.ceil(bits / 32);
      const words = [0, 1, 2].map((q) => queries.words.subarray(q * perCode, (q + 1) * perCode));
      const texts = textsOf(codes);
      const found = new CodeCentroids(codes).nearest(words, count);
      found.forEach((lists, q) => {
        const order = texts
          .map((text, l) => ({ l, distance: textDistance(text, bitsOf(queries, q)) }))
          .sort((a, b) => a.distance - b.distance || a.l - b.l);
        expect([...lists]).toEqual(order.slice(0, count).map(({ l }) => l));
      });
    }),
    { numRuns: 60 },
  );
});
