import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { DataFormatError } from '../errors.js';
import { readGreyPng } from './png.js';

function encode(width: number, height: number, pixels: ArrayLike<number>): Uint8Array {
  const picture = new PNG({ width, height, colorType: 0 });
  for (let i = 0; i < width * height; i++)
    picture.data.fill(pixels[i]!, 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4);
  return new Uint8Array(PNG.sync.write(picture, { colorType: 0 }));
}

const codeOf = (bytes: Uint8Array, maximum?: number) => {
  try {
    readGreyPng(bytes, 'a.png', maximum);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(DataFormatError);
    expect((error as Error).message).toMatch(/^a\.png: /);
    return (error as DataFormatError).code;
  }
};

describe('readGreyPng', () => {
  it('gives back what was encoded', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, fc.uint8Array({ minLength: 81, maxLength: 81 }), (width, height, values) => {
        const pixels = values.slice(0, width * height);
        expect(readGreyPng(encode(width, height, pixels), 'a.png')).toEqual({ width, height, pixels });
      }),
    );
  });

  it('refuses what is no sound PNG of a size that is expected', () => {
    const good = encode(
      5,
      4,
      Array.from({ length: 20 }, (_, i) => 12 * i),
    );
    expect(codeOf(Uint8Array.of(1, 2, 3))).toBe('data/wrong-magic');
    expect(codeOf(good.slice(0, 20))).toBe('data/truncated');
    expect(codeOf(good.slice(0, -20))).toBe('data/corrupt-png');
    expect(codeOf(good, 19)).toBe('data/too-large');
    expect(codeOf(good, 20)).toBeUndefined();
    const huge = good.slice();
    new DataView(huge.buffer).setUint32(16, 0xffff_ffff);
    expect(codeOf(huge)).toBe('data/too-large');
  });

  it('never fails in another way, whichever byte is wrong', () => {
    const good = encode(
      6,
      6,
      Array.from({ length: 36 }, (_, i) => 7 * i),
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bad = good.slice();
        bad[at]! ^= change;
        codeOf(bad);
      }),
    );
  });
});
