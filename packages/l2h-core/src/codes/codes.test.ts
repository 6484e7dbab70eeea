import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Codes, codesFromBytes, codesToBytes, packSigns, requireCodes, takeCodes, unpackSigns } from './codes.js';
import { hamming, hammingAll, popcount, wordsAt } from './hamming.js';

const fromText = (texts: string[]): Codes =>
  packSigns(
    texts.flatMap((text) => [...text].map((bit) => (bit === '1' ? 1 : -1))),
    texts[0]!.length,
  );

/** Sets of codes as signs, with the number of bits. */
const signs = fc.integer({ min: 1, max: 130 }).chain((bits) =>
  fc.record({
    bits: fc.constant(bits),
    rows: fc.array(fc.array(fc.constantFrom(-1, 1), { minLength: bits, maxLength: bits }), { maxLength: 6 }),
  }),
);

describe('packed codes', () => {
  it('come back from signs and from bytes, with nothing beyond their bits (property)', () => {
    fc.assert(
      fc.property(signs, ({ bits, rows }) => {
        const codes = packSigns(rows.flat(), bits);
        expect(codes.n).toBe(rows.length);
        expect(Array.from(unpackSigns(codes))).toEqual(rows.flat());
        expect(codesFromBytes(codesToBytes(codes), bits)).toEqual(codes);
        const ones = rows.flat().filter((sign) => sign === 1).length;
        expect(codes.words.reduce((sum, word) => sum + popcount(word), 0)).toBe(ones);
      }),
    );
  });

  it('have distances that count unlike signs, by every function (property)', () => {
    fc.assert(
      fc.property(signs, ({ bits, rows }) => {
        const codes = packSigns(rows.flat(), bits);
        rows.forEach((row, i) => {
          const wanted = rows.map((other) => other.filter((sign, b) => sign !== row[b]).length);
          expect(Array.from(hammingAll(wordsAt(codes, i), codes))).toEqual(wanted);
          expect(rows.map((_, j) => hamming(wordsAt(codes, i), wordsAt(codes, j)))).toEqual(wanted);
        });
      }),
    );
  });

  it('are taken by place, in that order', () => {
    const codes = fromText(['1'.repeat(40), '0'.repeat(40), '10'.repeat(20)]);
    const taken = takeCodes(codes, [2, 0, 2]);
    expect(Array.from(unpackSigns(taken)).slice(0, 4)).toEqual([1, -1, 1, -1]);
    expect(taken.words).toEqual(Uint32Array.of(...wordsAt(codes, 2), ...wordsAt(codes, 0), ...wordsAt(codes, 2)));
  });

  it('0 is bit 1, as in every encoder', () => {
    expect(packSigns([0, -0, -1e-30, Number.NaN], 4).words[0]).toBe(0b0011);
  });

  it('say what is wrong', () => {
    const codes = fromText(['101']);
    expect(() => packSigns([1, 2, 3], 2)).toThrow(/rows of 2 numbers, got 3/);
    expect(() => packSigns([1], 0)).toThrow(/rows of 0 numbers/);
    expect(() => codesFromBytes(Uint8Array.of(1, 2, 3), 9)).toThrow(/2 bytes a code of 9 bits, got 3/);
    expect(() => codesFromBytes(Uint8Array.of(0b1000), 3)).toThrow(/code 0 has bits beyond its 3/);
    expect(() => requireCodes('x', codes, 4)).toThrow(/x: expected codes of 4 bits, got 3/);
    expect(() => requireCodes('x', { ...codes, n: 2 })).toThrow(/1 words for each of 2 codes of 3 bits, got 1/);
    expect(() => requireCodes('x', { ...codes, words: [1] as never })).toThrow(/words: Uint32Array/);
    expect(() => hamming(Uint32Array.of(1), Uint32Array.of(1, 2))).toThrow(/1 and 2 words/);
    expect(() => hammingAll(Uint32Array.of(1, 2), codes)).toThrow(/a query of 1 words for 3 bits, got 2/);
    expect(() => hammingAll(Uint32Array.of(1), codes, new Uint16Array(0))).toThrow(/room for 1 distances, got 0/);
  });
});
