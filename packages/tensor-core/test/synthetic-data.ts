import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng } from '@tensor-papers/numerics/random';

/** Options of {@link syntheticData}. */
export interface SyntheticOptions {
  readonly length: number;
  readonly side?: number;
  readonly classes?: number;
  readonly seed?: number;
}

/** Grey images of noise in which class k lights row k: linearly separable. The first byte of image i is i mod 256. */
export function syntheticData({ length, side = 6, classes = 3, seed = 1 }: SyntheticOptions): DataSet {
  const size = side * side;
  const rng = createRng(seed).stream('synthetic');
  const labels = Int32Array.from({ length }, (_, i) => i % classes);
  const pixels = new Uint8Array(length * size);
  for (let i = 0; i < length; i++) {
    for (let p = 0; p < size; p++) {
      const lit = Math.floor(p / side) === labels[i]!;
      pixels[i * size + p] = rng.integer(100) + (lit ? 120 : 0);
    }
    pixels[i * size] = i % 256;
  }
  return {
    length,
    shape: [side, side, 1],
    classNames: Array.from({ length: classes }, (_, k) => `row ${k}`),
    ids: Array.from({ length }, (_, i) => `image-${i}`),
    labels,
    images(indices) {
      const bytes = new Uint8Array(indices.length * size);
      for (let i = 0; i < indices.length; i++) {
        bytes.set(pixels.subarray(indices[i]! * size, (indices[i]! + 1) * size), i * size);
      }
      return bytes;
    },
    source: { id: 'synthetic', sha256: '', licence: 'MIT', citation: '' },
  };
}
