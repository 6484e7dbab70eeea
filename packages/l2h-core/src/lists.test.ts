import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { randomCodes } from '../test/codes.js';
import { codesFromBytes } from './codes/codes.js';
import { hamming, hammingAll } from './codes/hamming.js';
import { decodeCodeFile, encodeCodeFile } from './files/code-file.js';
import { requireQuantized } from './quantizers/quantizer.js';
import { FlatIndex } from './search/flat-index.js';

/** A typed array as a frame, or a test environment with globals of its own, makes it. */
const foreign = <Typed>(type: string, numbers: ArrayLike<number>): Typed =>
  runInNewContext(`${type}.of(${Array.from(numbers)})`);

describe('typed arrays of another realm', () => {
  it('are words of codes, room for distances and bitmaps of ids', () => {
    const words = foreign<Uint32Array>('Uint32Array', [5, 6]);
    expect(words).not.toBeInstanceOf(Uint32Array);
    const codes = { n: 2, bits: 32, words };
    expect(hamming(words.subarray(0, 1), words.subarray(1))).toBe(2);
    const out = foreign<Uint16Array>('Uint16Array', [9, 9]);
    expect(hammingAll(words.subarray(1), codes, out)).toBe(out);
    expect(Array.from(out)).toEqual([2, 0]);
    const index = new FlatIndex({ bits: 32 });
    index.add(codes);
    const filter = foreign<Uint32Array>('Uint32Array', [0b10]);
    expect(index.search(codes, 1, { filter }).ids).toEqual(Float64Array.of(1, 1));
  });

  it('are bytes of codes and of files', () => {
    const bytes = foreign<Uint8Array>('Uint8Array', [5]);
    expect(codesFromBytes(bytes, 8).words).toEqual(Uint32Array.of(5));
    requireQuantized('test', { n: 1, parts: 1, bytes }, 1, 256);
    const codes = randomCodes(3, 40, 1);
    expect(decodeCodeFile(foreign('Uint8Array', encodeCodeFile({ codes }))).codes).toEqual(codes);
  });

  it('are refused where they are of another type', () => {
    const bytes = foreign<Uint32Array>('Uint8Array', [5]);
    expect(() => hamming(bytes, bytes)).toThrow(/as a Uint32Array, got a Uint8Array/);
  });
});
