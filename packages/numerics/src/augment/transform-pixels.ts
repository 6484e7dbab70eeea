import type { Draw, DrawOf } from './draw.js';
import { AugmentShapeError } from './errors.js';
import { addNoise, blurPixels } from './gaussian.js';
import { type GeometricDraw, isGeometric, type Shape, sizeAfterDraw } from './geometry.js';
import { copyWindow, flipPixels, windowOf } from './move-pixels.js';
import type { PixelBuffers } from './pixel-buffers.js';
import { changeBrightnessContrast, changeSaturationHue, normalizePixels, removeColor } from './recolor.js';
import { resizeWindow } from './resize-window.js';
import { sampleBilinearly } from './sample-bilinearly.js';

function movePixels(pixels: Float32Array, shape: Shape, draw: GeometricDraw, buffers: PixelBuffers): Float32Array {
  if (draw.kind === 'resized-crop') return resizeWindow(pixels, shape, draw, buffers);
  const [height, width, channels] = shape;
  const [rows, columns] = sizeAfterDraw(draw, [height, width]);
  const target = buffers.next(rows * columns * channels);
  if (draw.kind === 'flip') flipPixels(pixels, target, shape, draw);
  else if (draw.kind === 'affine') sampleBilinearly(pixels, target, shape, draw);
  else copyWindow(pixels, target, shape, windowOf(draw, height, width));
  return target;
}

function hide(pixels: Float32Array, [, width, channels]: Shape, draw: DrawOf<'cutout'>): void {
  for (let y = draw.top; y < draw.bottom; y++) {
    pixels.fill(draw.fill, (y * width + draw.left) * channels, (y * width + draw.right) * channels);
  }
}

/** Whether the pixels have colours; images of one channel have none. */
function hasColor(channels: number, { kind }: Draw): boolean {
  if (channels !== 1 && channels !== 3) {
    throw new AugmentShapeError(`${kind}: expected images of 3 channels (RGB) or 1, got ${channels}`);
  }
  return channels === 3;
}

/** Changes values in place. */
function changeValues(
  pixels: Float32Array,
  shape: Shape,
  draw: Exclude<Draw, GeometricDraw>,
  buffers: PixelBuffers,
): void {
  const channels = shape[2];
  switch (draw.kind) {
    case 'cutout':
      hide(pixels, shape, draw);
      break;
    case 'brightness-contrast':
      changeBrightnessContrast(pixels, draw);
      break;
    case 'saturation-hue':
      if (hasColor(channels, draw)) changeSaturationHue(pixels, draw);
      break;
    case 'grayscale':
      if (hasColor(channels, draw)) removeColor(pixels);
      break;
    case 'gaussian-blur':
      // Leaves the turn where it was: the blurred pixels stay in their own buffer.
      blurPixels(pixels, buffers.next(pixels.length), shape, draw);
      buffers.next(0);
      break;
    case 'gaussian-noise':
      addNoise(pixels, draw);
      break;
    case 'normalize':
      for (const values of [draw.mean, draw.deviation]) {
        if (values.length !== 1 && values.length !== channels) {
          throw new AugmentShapeError(`normalize: expected 1 or ${channels} values, got ${values.length}`);
        }
      }
      normalizePixels(pixels, channels, draw);
      break;
  }
}

/** The image after the draws, in one of the buffers: valid until they are used again. */
export function transformPixels(
  image: Float32Array,
  [height, width, channels]: Shape,
  draws: readonly Draw[],
  buffers: PixelBuffers,
): Float32Array {
  let pixels = buffers.next(image.length);
  pixels.set(image);
  let size: readonly [number, number] = [height, width];
  for (const draw of draws) {
    const shape: Shape = [size[0], size[1], channels];
    if (isGeometric(draw)) {
      pixels = movePixels(pixels, shape, draw as GeometricDraw, buffers);
      size = sizeAfterDraw(draw as GeometricDraw, size);
    } else changeValues(pixels, shape, draw as Exclude<Draw, GeometricDraw>, buffers);
  }
  return pixels;
}
