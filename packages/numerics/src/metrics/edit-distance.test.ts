import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { characterErrorRate, editDistance, normalizedEditDistance } from './index.js';

/** The recursion of the definition, over the whole table. */
function plainDistance<T>(a: ArrayLike<T>, b: ArrayLike<T>): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      table[i]![j] = Math.min(
        table[i - 1]![j]! + 1,
        table[i]![j - 1]! + 1,
        table[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
  }
  return table[a.length]![b.length]!;
}

const word = fc.array(fc.constantFrom('a', 'b', 'c', 'é', '😀', '😁'), { maxLength: 14 });

describe('editDistance', () => {
  it('equals the plain recursion over code points', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a.join(''), b.join(''))).toBe(plainDistance(a, b));
        expect(editDistance(a, b)).toBe(plainDistance(a, b));
      }),
      { numRuns: 300 },
    );
  });

  it('with a maximum is the distance up to there, and maximum + 1 above', () => {
    fc.assert(
      fc.property(word, word, fc.nat(15), (a, b, maximum) => {
        const expected = Math.min(plainDistance(a, b), maximum + 1);
        expect(editDistance(a.join(''), b.join(''), { maximum })).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('finds a few edits in long lists, band or not', () => {
    const ids = fc.array(fc.nat(3), { minLength: 60, maxLength: 90 });
    const edits = fc.array(fc.tuple(fc.nat(59), fc.constantFrom('insert', 'delete', 'change')), { maxLength: 6 });
    fc.assert(
      fc.property(ids, edits, fc.nat(8), (a, changes, maximum) => {
        const b = [...a];
        for (const [at, kind] of changes) b.splice(at, kind === 'insert' ? 0 : 1, ...(kind === 'delete' ? [] : [9]));
        const expected = plainDistance(a, b);
        expect(editDistance(Int32Array.from(a), Int32Array.from(b))).toBe(expected);
        expect(editDistance(b, a, { maximum })).toBe(Math.min(expected, maximum + 1));
      }),
    );
  });

  it('is a metric', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });

  it('does not compute what a maximum excludes', () => {
    const [a, b] = ['ab'.repeat(100_000), 'ba'.repeat(100_000)];
    const start = performance.now();
    expect(editDistance(a, b, { maximum: 5 })).toBe(2);
    expect(editDistance('a'.repeat(200_000), 'b'.repeat(200_000), { maximum: 3 })).toBe(4);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('keeps a lone surrogate apart', () => {
    expect(editDistance('\ud83d', '😀')).toBe(1);
    expect(editDistance('', '')).toBe(0);
    expect(editDistance('a', 'b', { maximum: 0 })).toBe(1);
  });
});

describe('normalizedEditDistance', () => {
  it('is relative to the longer one, in code points', () => {
    expect(normalizedEditDistance('😀ab', 'ab')).toBeCloseTo(1 / 3, 12);
    expect(normalizedEditDistance('', 'abc')).toBe(1);
    expect(normalizedEditDistance('', '')).toBe(0);
    expect(normalizedEditDistance([1, 2, 3, 4], [1, 2, 4])).toBe(0.25);
  });
});

describe('characterErrorRate', () => {
  it('weighs texts by length and counts insertions above 1', () => {
    expect(characterErrorRate(['h0tel', 'exit'], ['hotel', 'exit'])).toBeCloseTo(1 / 9, 12);
    expect(characterErrorRate(['aaaa', ''], ['b', ''])).toBe(4);
    expect(characterErrorRate(['😁'], ['😀'])).toBe(1);
    expect(characterErrorRate(['a'], [''])).toBeNaN();
  });
});

it.each<[string, string, () => unknown]>([
  ['maximum −1', 'metrics/bad-option', () => editDistance('a', 'b', { maximum: -1 })],
  ['half a maximum', 'metrics/bad-option', () => editDistance('a', 'b', { maximum: 0.5 })],
  ['NaN maximum', 'metrics/bad-option', () => editDistance('a', 'b', { maximum: Number.NaN })],
  ['no texts', 'metrics/empty', () => characterErrorRate([], [])],
  ['two lengths', 'metrics/length-mismatch', () => characterErrorRate(['a'], ['a', 'b'])],
])('%s: %s', (_, code, call) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
