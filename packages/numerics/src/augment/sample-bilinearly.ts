import type { DrawOf } from './draw.js';
import type { Shape } from './geometry.js';

/** Every pixel of the result from the four pixels around the place it comes from. */
export function sampleBilinearly(
  source: Float32Array,
  target: Float32Array,
  [height, width, channels]: Shape,
  { matrix, fill }: DrawOf<'affine'>,
): void {
  const [a, b, c, d, e, f] = matrix;
  if (a === 1 && b === 0 && c === 0 && d === 0 && e === 1 && f === 0) {
    target.set(source);
    return;
  }
  let out = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sx = a * x + b * y + c;
      const sy = d * x + e * y + f;
      const left = Math.floor(sx);
      const top = Math.floor(sy);
      const wx = sx - left;
      const wy = sy - top;
      const hasLeft = left >= 0 && left < width;
      const hasRight = left >= -1 && left < width - 1;
      const hasTop = top >= 0 && top < height;
      const hasBottom = top >= -1 && top < height - 1;
      const at = (top * width + left) * channels;
      const below = at + width * channels;
      for (let channel = 0; channel < channels; channel++) {
        const topLeft = hasTop && hasLeft ? source[at + channel]! : fill;
        const topRight = hasTop && hasRight ? source[at + channels + channel]! : fill;
        const bottomLeft = hasBottom && hasLeft ? source[below + channel]! : fill;
        const bottomRight = hasBottom && hasRight ? source[below + channels + channel]! : fill;
        const upper = (1 - wx) * topLeft + wx * topRight;
        const lower = (1 - wx) * bottomLeft + wx * bottomRight;
        target[out++] = (1 - wy) * upper + wy * lower;
      }
    }
  }
}
