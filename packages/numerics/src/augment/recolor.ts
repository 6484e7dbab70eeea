import type { DrawOf } from './draw.js';

function unit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** ITU-R BT.601. */
function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Brightness and contrast about the mean of the image. */
export function changeBrightnessContrast(
  pixels: Float32Array,
  { brightness, contrast }: DrawOf<'brightness-contrast'>,
): void {
  if (brightness === 0 && contrast === 1) return;
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i]!;
  const centre = sum / pixels.length;
  for (let i = 0; i < pixels.length; i++) pixels[i] = unit(contrast * (pixels[i]! - centre) + centre + brightness);
}

/** Every RGB pixel becomes grey. */
export function removeColor(pixels: Float32Array): void {
  for (let i = 0; i < pixels.length; i += 3) {
    const grey = luma(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!);
    pixels[i] = grey;
    pixels[i + 1] = grey;
    pixels[i + 2] = grey;
  }
}

/** Channel of an HSV colour: n is 5 for red, 3 for green, 1 for blue; hue in sixths of the circle. */
function hsvChannel(n: number, hue: number, chroma: number, value: number): number {
  const k = (n + hue) % 6;
  return value - chroma * Math.max(0, Math.min(k, 4 - k, 1));
}

/** Saturation about the grey of each RGB pixel, then a turn of its hue. */
export function changeSaturationHue(pixels: Float32Array, { saturation, hue }: DrawOf<'saturation-hue'>): void {
  if (saturation === 1 && hue === 0) return;
  const turn = (((hue / 60) % 6) + 6) % 6;
  for (let i = 0; i < pixels.length; i += 3) {
    let red = pixels[i]!;
    let green = pixels[i + 1]!;
    let blue = pixels[i + 2]!;
    if (saturation !== 1) {
      const grey = luma(red, green, blue);
      red = unit(saturation * (red - grey) + grey);
      green = unit(saturation * (green - grey) + grey);
      blue = unit(saturation * (blue - grey) + grey);
    }
    const value = Math.max(red, green, blue);
    const chroma = value - Math.min(red, green, blue);
    if (turn !== 0 && chroma > 0) {
      let position = 4 + (red - green) / chroma;
      if (value === red) position = (green - blue) / chroma + 6;
      else if (value === green) position = 2 + (blue - red) / chroma;
      position += turn;
      red = hsvChannel(5, position, chroma, value);
      green = hsvChannel(3, position, chroma, value);
      blue = hsvChannel(1, position, chroma, value);
    }
    pixels[i] = red;
    pixels[i + 1] = green;
    pixels[i + 2] = blue;
  }
}

/** (x − mean) / deviation for each channel. */
export function normalizePixels(
  pixels: Float32Array,
  channels: number,
  { mean, deviation }: DrawOf<'normalize'>,
): void {
  for (let c = 0; c < channels; c++) {
    const centre = mean[mean.length === 1 ? 0 : c]!;
    const scale = deviation[deviation.length === 1 ? 0 : c]!;
    for (let i = c; i < pixels.length; i += channels) pixels[i] = (pixels[i]! - centre) / scale;
  }
}
