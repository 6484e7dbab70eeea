import { expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { crc32, crc32InJs } from './crc32.js';

it('is the CRC-32 of zip, computed by Node or here', () => {
  const digits = new TextEncoder().encode('123456789');
  expect([crc32(digits), crc32InJs(digits)]).toEqual([0xcbf43926, 0xcbf43926]);
  const rng = createRng(1);
  const bytes = Uint8Array.from({ length: 1000 }, () => rng.integer(256));
  for (const [from, to] of [
    [0, 0],
    [0, 1],
    [3, 10],
    [5, 13],
    [1, 1000],
  ] as const) {
    const part = bytes.subarray(from, to);
    expect(crc32InJs(part)).toBe(crc32(part));
  }
});
