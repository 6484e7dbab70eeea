import { expect, it } from '@jest/globals';
import { differencesBySeed, seedsInWords } from './over-seeds.js';

it('speaks of an interval only where there is one', () => {
  expect(seedsInWords({ seeds: [1] })).toBe('One seed');
  expect(seedsInWords({ seeds: [1, 2] })).toBe('Mean of 2 seeds');
  expect(seedsInWords({ seeds: [1, 2, 3] })).toBe('Mean of 3 seeds with 95 % t intervals');
});

it('subtracts seed by seed, and gives nothing where a value is missing', () => {
  expect(differencesBySeed([3, null, 5, 7], [1, 2, null])).toEqual([2, null, null, null]);
  expect(differencesBySeed([], [1])).toEqual([]);
});
