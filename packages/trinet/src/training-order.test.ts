import { expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { blobs, dataOf } from '../test/support.js';
import { type TrainingOrderOptions, trainingOrder, unionSet } from './index.js';

const orderOf = (options: Omit<TrainingOrderOptions, 'rng'>, seed = 1) => [
  ...trainingOrder({ ...options, rng: createRng(seed) }),
];
const sizes = fc.record({
  labeled: fc.integer({ min: 1, max: 9 }),
  pseudo: fc.nat(20),
  batchSize: fc.integer({ min: 2, max: 8 }),
});
const ascending = (length: number) => Array.from({ length }, (_, i) => i);
const sorted = (values: number[]) => [...values].sort((a, b) => a - b);

it('an epoch holds every example once, in a random order', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (given, seed) => {
      expect(sorted(orderOf(given, seed))).toEqual(ascending(given.labeled + given.pseudo));
    }),
  );
  const big = { labeled: 50, pseudo: 50, batchSize: 10 };
  expect(orderOf(big)).not.toEqual(orderOf(big, 2));
  expect(orderOf(big)).toEqual(orderOf(big));
});

it('steps are full batches, epoch after epoch', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 7 }), (given, steps) => {
      const order = orderOf({ ...given, steps });
      const epoch = given.labeled + given.pseudo;
      expect(order).toHaveLength(steps * given.batchSize);
      for (let from = 0; from + epoch <= order.length; from += epoch) {
        expect(sorted(order.slice(from, from + epoch))).toEqual(ascending(epoch));
      }
    }),
  );
  const two = orderOf({ labeled: 40, pseudo: 0, batchSize: 40, steps: 2 });
  expect(two.slice(0, 40)).not.toEqual(two.slice(40));
});

it('a share of every batch is labelled; an epoch holds every pseudo-label once', () => {
  fc.assert(
    fc.property(sizes, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (given, labeledFraction) => {
      fc.pre(given.pseudo > 0);
      const { labeled, pseudo, batchSize } = given;
      const own = Math.min(batchSize - 1, Math.max(1, Math.round(labeledFraction * batchSize)));
      const order = orderOf({ ...given, labeledFraction });
      expect(sorted(order.filter((example) => example >= labeled))).toEqual(ascending(pseudo).map((i) => i + labeled));
      for (let from = 0; from < order.length; from += batchSize) {
        const batch = order.slice(from, from + batchSize);
        expect(batch.filter((example) => example < labeled)).toHaveLength(own);
      }
      const shown = order.filter((example) => example < labeled);
      const counts = ascending(labeled).map((example) => shown.filter((each) => each === example).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      const steps = orderOf({ ...given, labeledFraction, steps: 5 });
      expect(steps).toHaveLength(5 * batchSize);
      for (let from = 0; from < steps.length; from += batchSize) {
        expect(steps.slice(from, from + batchSize).filter((example) => example < labeled)).toHaveLength(own);
      }
    }),
  );
  expect(sorted(orderOf({ labeled: 4, pseudo: 0, batchSize: 2, labeledFraction: 0.5 }))).toEqual([0, 1, 2, 3]);
});

it('the union of two sets gives the images of both in any order', async () => {
  const [labeled, unlabeled] = [blobs({ length: 5 }), blobs({ length: 9, seed: 2 })];
  const indices = Int32Array.of(1, 4, 8);
  const union = unionSet(labeled, unlabeled, { indices, labels: Int32Array.of(2, 0, 1) });
  expect([...union.labels]).toEqual([...labeled.labels, 2, 0, 1]);
  expect(union.ids).toHaveLength(8);
  for (const wanted of [[6, 0, 7, 0, 5], [1, 2], [7, 5], []]) {
    const pixels = await union.images(wanted);
    const expected = await Promise.all(
      wanted.map((i) => (i < 5 ? labeled.images([i]) : unlabeled.images([indices[i - 5]!]))),
    );
    expect([...pixels]).toEqual(expected.flatMap((image) => [...image]));
  }
  const none = { indices: new Int32Array(0), labels: new Int32Array(0) };
  expect(unionSet(labeled, dataOf(new Uint8Array(0), [], 3), none).length).toBe(5);
});
