import type { DrawOf } from './draw.js';
import type { Shape } from './geometry.js';
import type { PixelBuffers } from './pixel-buffers.js';

/** For each pixel of the result along one axis: the first pixel of the window that counts, how many do, and their weights. */
interface Contributions {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `reach` weights for each pixel of the result; each adds up to 1. */
  readonly weights: Float64Array;
  readonly reach: number;
}

/** The triangle filter about the centre of each pixel of the result, as wide as that pixel, at least one of the window's. */
function contributions(from: number, to: number): Contributions {
  const scale = from / to;
  const half = Math.max(1, scale);
  const reach = 2 * Math.ceil(half) + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float64Array(to * reach);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale - 0.5;
    // Strictly inside the triangle, so that no weight is 0: 0 · NaN would spread.
    const start = Math.max(0, Math.floor(centre - half) + 1);
    const end = Math.min(from, Math.ceil(centre + half));
    let sum = 0;
    for (let j = start; j < end; j++) {
      const weight = 1 - Math.abs(j - centre) / half;
      weights[i * reach + j - start] = weight;
      sum += weight;
    }
    for (let j = start; j < end; j++) weights[i * reach + j - start]! /= sum;
    first[i] = start;
    count[i] = end - start;
  }
  return { first, count, weights, reach };
}

/** The window of the image, resized: rows first, then columns. */
export function resizeWindow(
  source: Float32Array,
  [, width, channels]: Shape,
  draw: DrawOf<'resized-crop'>,
  buffers: PixelBuffers,
): Float32Array {
  const [rows, columns] = draw.size;
  const across = contributions(draw.width, columns);
  const down = contributions(draw.height, rows);
  const row = columns * channels;
  const narrow = buffers.next(draw.height * row);
  for (let y = 0; y < draw.height; y++) {
    const start = ((y + draw.top) * width + draw.left) * channels;
    for (let x = 0; x < columns; x++) {
      const from = start + across.first[x]! * channels;
      const weights = x * across.reach;
      const count = across.count[x]!;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < count; k++) sum += across.weights[weights + k]! * source[from + k * channels + c]!;
        narrow[y * row + x * channels + c] = sum;
      }
    }
  }
  const target = buffers.next(rows * row);
  for (let y = 0; y < rows; y++) {
    const from = down.first[y]! * row;
    const weights = y * down.reach;
    const count = down.count[y]!;
    for (let i = 0; i < row; i++) {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += down.weights[weights + k]! * narrow[from + k * row + i]!;
      target[y * row + i] = sum;
    }
  }
  return target;
}
