import type { Draw } from './draw.js';
import { AugmentShapeError } from './errors.js';
import { type GeometricDraw, sourceIndices } from './geometry.js';

type Shape = readonly [height: number, width: number, channels: number];
type AffineDraw = Extract<Draw, { kind: 'affine' }>;

function moveWholePixels(
  source: Float32Array,
  target: Float32Array,
  [height, width, channels]: Shape,
  draw: Exclude<GeometricDraw, { kind: 'affine' }>,
): void {
  const { columns, rows } = sourceIndices(draw, height, width);
  const fill = draw.kind === 'shift' ? draw.fill : 0;
  let out = 0;
  for (let y = 0; y < height; y++) {
    const row = rows[y]!;
    for (let x = 0; x < width; x++) {
      const column = columns[x]!;
      const from = row < 0 || column < 0 ? -1 : (row * width + column) * channels;
      for (let c = 0; c < channels; c++) target[out++] = from < 0 ? fill : source[from + c]!;
    }
  }
}

function sampleBilinearly(
  source: Float32Array,
  target: Float32Array,
  [height, width, channels]: Shape,
  { matrix, fill }: AffineDraw,
): void {
  const [a, b, c, d, e, f] = matrix;
  const at = (y: number, x: number, channel: number) =>
    y >= 0 && y < height && x >= 0 && x < width ? source[(y * width + x) * channels + channel]! : fill;
  let out = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sx = a * x + b * y + c;
      const sy = d * x + e * y + f;
      const [left, top] = [Math.floor(sx), Math.floor(sy)];
      const [wx, wy] = [sx - left, sy - top];
      for (let channel = 0; channel < channels; channel++) {
        const upper = (1 - wx) * at(top, left, channel) + wx * at(top, left + 1, channel);
        const lower = (1 - wx) * at(top + 1, left, channel) + wx * at(top + 1, left + 1, channel);
        target[out++] = (1 - wy) * upper + wy * lower;
      }
    }
  }
}

function hide(pixels: Float32Array, [, width, channels]: Shape, draw: Extract<Draw, { kind: 'cutout' }>): void {
  for (let y = draw.top; y < draw.bottom; y++) {
    pixels.fill(draw.fill, (y * width + draw.left) * channels, (y * width + draw.right) * channels);
  }
}

function recolour(pixels: Float32Array, draw: Extract<Draw, { kind: 'brightness-contrast' }>): void {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i]!;
  const centre = sum / pixels.length;
  for (let i = 0; i < pixels.length; i++) {
    const value = draw.contrast * (pixels[i]! - centre) + centre + draw.brightness;
    pixels[i] = Math.min(1, Math.max(0, value));
  }
}

/** Applies draws in place; `scratch` has the size of the image. */
export function transformPixels(
  pixels: Float32Array,
  scratch: Float32Array,
  shape: Shape,
  draws: readonly Draw[],
): void {
  for (const draw of draws) {
    if (draw.kind === 'cutout') hide(pixels, shape, draw);
    else if (draw.kind === 'brightness-contrast') recolour(pixels, draw);
    else {
      scratch.set(pixels);
      if (draw.kind === 'affine') sampleBilinearly(scratch, pixels, shape, draw);
      else moveWholePixels(scratch, pixels, shape, draw);
    }
  }
}

/**
 * The image after the draws. Geometric draws keep NaN pixels where they fall; brightness-contrast spreads them over the image.
 *
 * @param image `[h × w × c]` in [0, 1]; not changed
 * @param shape `[height, width, channels]`
 * @throws AugmentShapeError
 */
export function applyToImage(image: Float32Array, shape: Shape, draws: readonly Draw[]): Float32Array {
  const [height, width, channels] = shape;
  if (image.length !== height * width * channels) {
    throw new AugmentShapeError(
      `expected ${height}×${width}×${channels} = ${height * width * channels} values, got ${image.length}`,
    );
  }
  const pixels = Float32Array.from(image);
  transformPixels(pixels, new Float32Array(image.length), shape, draws);
  return pixels;
}
