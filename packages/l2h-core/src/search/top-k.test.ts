import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { HashOptionError } from '../errors.js';
import { topK } from './top-k.js';

describe('topK', () => {
  it('equals a whole sort by (distance, place)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 1, max: 60 }), (distances, k) => {
        const order = distances.map((_, i) => i).sort((a, b) => distances[a]! - distances[b]! || a - b);
        const { indices, distances: near } = topK(distances, k);
        expect(Array.from(indices)).toEqual(order.slice(0, k));
        expect(Array.from(near)).toEqual(order.slice(0, k).map((i) => distances[i]));
      }),
    );
  });

  it('is right for many distances up to 65535', () => {
    const rng = createRng(3);
    const distances = Uint16Array.from({ length: 20_000 }, () => rng.uniform() * 65_536);
    const order = Array.from(distances.keys()).sort((a, b) => distances[a]! - distances[b]! || a - b);
    expect(Array.from(topK(distances, 15_000).indices)).toEqual(order.slice(0, 15_000));
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses k = %p', (k) => {
    expect(() => topK([1], k)).toThrow(HashOptionError);
  });

  it.each([-1, 0.5, Number.NaN, 65_536])('refuses a distance of %p', (distance) => {
    expect(() => topK([1, distance], 1)).toThrow('whole distances');
  });
});
