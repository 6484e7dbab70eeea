import type { DrawOf } from './draw.js';
import { reflect, type Shape } from './geometry.js';

/** Values of pixels: of an image, or ids of a mask. */
export type Pixels = Float32Array | Int32Array | Uint8Array;

function copyRow(source: Pixels, from: number, target: Pixels, to: number, count: number): void {
  // Short rows: a view costs more than the loop.
  if (count >= 256) target.set(source.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) target[to + i] = source[from + i]!;
}

/** Left and right, or top and bottom, change places. */
export function flipPixels(
  source: Pixels,
  target: Pixels,
  [height, width, channels]: Shape,
  { axis }: DrawOf<'flip'>,
): void {
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    const from = y * row;
    if (axis === 'vertical') {
      copyRow(source, from, target, (height - 1 - y) * row, row);
    } else if (channels === 1) {
      for (let x = 0, last = from + width - 1; x < width; x++) target[from + x] = source[last - x]!;
    } else {
      for (let x = 0; x < width; x++) {
        const at = from + x * channels;
        const back = from + (width - 1 - x) * channels;
        for (let c = 0; c < channels; c++) target[at + c] = source[back + c]!;
      }
    }
  }
}

/** What a shift or a crop cuts out: a window that may reach outside. */
export type Window = Omit<DrawOf<'crop'>, 'kind'>;

/** A shift is a window of the same size. */
export function windowOf(draw: DrawOf<'shift' | 'crop'>, height: number, width: number): Window {
  if (draw.kind === 'crop') return draw;
  return { top: -draw.dy, left: -draw.dx, height, width, border: draw.border, fill: draw.fill };
}

/** Copies a window; what lies outside is `fill`, or the image mirrored at its outermost pixels. */
export function copyWindow(source: Pixels, target: Pixels, [height, width, channels]: Shape, window: Window): void {
  if (window.border === 'reflect') {
    copyReflected(source, target, [height, width, channels], window);
    return;
  }
  const { top, left, fill } = window;
  const row = window.width * channels;
  const first = Math.min(window.width, Math.max(0, -left));
  const end = Math.max(first, Math.min(window.width, width - left));
  const before = first * channels;
  const inside = (end - first) * channels;
  for (let y = 0; y < window.height; y++) {
    const to = y * row;
    const from = y + top;
    if (from < 0 || from >= height) {
      target.fill(fill, to, to + row);
      continue;
    }
    for (let i = 0; i < before; i++) target[to + i] = fill;
    copyRow(source, (from * width + first + left) * channels, target, to + before, inside);
    for (let i = before + inside; i < row; i++) target[to + i] = fill;
  }
}

function copyReflected(source: Pixels, target: Pixels, [height, width, channels]: Shape, window: Window): void {
  const columns = new Int32Array(window.width);
  for (let x = 0; x < window.width; x++) columns[x] = reflect(x + window.left, width) * channels;
  let out = 0;
  for (let y = 0; y < window.height; y++) {
    const row = reflect(y + window.top, height) * width * channels;
    for (let x = 0; x < window.width; x++) {
      const from = row + columns[x]!;
      for (let c = 0; c < channels; c++) target[out++] = source[from + c]!;
    }
  }
}
