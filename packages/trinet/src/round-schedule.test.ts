import { expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { drawPool, OptionError, roundSchedule } from './index.js';

it('is Algorithm 1, line by line', () => {
  const options = fc.record({
    rounds: fc.nat(20),
    poolBase: fc.integer({ min: 1, max: 200 }),
    sigma0: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    sigmaOs: fc.double({ min: 0, max: 0.9, noNaN: true }),
    sigmaDecrement: fc.double({ min: 0, max: 0.2, noNaN: true }),
    fineTuneEvery: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(options, fc.nat(2000), (given, unlabeled) => {
      const plan = roundSchedule(unlabeled, given);
      let [sigma, flag] = [given.sigma0, true];
      expect(plan).toHaveLength(given.rounds);
      plan.forEach(({ t, pool, kind, sigma: got }, i) => {
        expect(t).toBe(i + 1);
        expect(pool).toBe(Math.min(given.poolBase * 2 ** t, unlabeled));
        if (pool === unlabeled && t % given.fineTuneEvery === 0) {
          [sigma, flag] = [sigma - given.sigmaDecrement, true];
          expect([kind, got]).toEqual(['finetune', null]);
          return;
        }
        expect(kind).toBe('label');
        expect(got).toBeCloseTo(Math.min(1, Math.max(0, flag ? sigma - given.sigmaOs : sigma)), 9);
        flag = false;
      });
      expect(roundSchedule(unlabeled, { ...given, rounds: given.rounds + 1 }).slice(0, -1)).toEqual(plan);
    }),
  );
});

it('has the published defaults', () => {
  const plan = roundSchedule(46_000);
  expect(plan).toHaveLength(30);
  expect([plan[0], plan[7]]).toEqual([
    { t: 1, pool: 2000, kind: 'label', sigma: expect.closeTo(0.7, 12) },
    { t: 8, pool: 46_000, kind: 'finetune', sigma: null },
  ]);
});

it('a pool is random, without repetition and ascending', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(), (unlabeled, seed) => {
      const size = Math.floor(unlabeled / 2);
      const pool = [...drawPool(unlabeled, size, createRng(seed))];
      expect(new Set(pool).size).toBe(size);
      expect(pool).toEqual([...pool].sort((a, b) => a - b));
      expect(pool.every((index) => index >= 0 && index < unlabeled)).toBe(true);
    }),
  );
  expect(drawPool(50, 25, createRng(1))).not.toEqual(drawPool(50, 25, createRng(2)));
  expect(() => drawPool(3, 4, createRng(1))).toThrow(OptionError);
  expect(() => roundSchedule(-1)).toThrow(OptionError);
});
