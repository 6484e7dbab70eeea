import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyNumbers } from './key-numbers.js';

it('numbers keys as a Map does', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer(), fc.integer({ min: -20, max: 20 })), { maxLength: 3000 }), (keys) => {
      const [numbers, map] = [new KeyNumbers(), new Map<number, number>()];
      for (const key of keys) {
        expect(numbers.get(key)).toBe(map.get(key) ?? -1);
        if (!map.has(key)) map.set(key, map.size);
        expect(numbers.take(key)).toBe(map.get(key));
      }
      expect(numbers.count).toBe(map.size);
      for (const [key, number] of map) expect(numbers.get(key)).toBe(number);
    }),
    { numRuns: 30 },
  );
});

it('stays quick with keys that differ in their high bits only', () => {
  const numbers = new KeyNumbers();
  const start = performance.now();
  for (let i = 0; i < 65_536; i++) numbers.take(i << 16);
  expect(numbers.count).toBe(65_536);
  expect(performance.now() - start).toBeLessThan(2000);
});
