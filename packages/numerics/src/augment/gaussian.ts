import { createRng } from '../random/rng.js';
import type { DrawOf } from './draw.js';
import type { Shape } from './geometry.js';

/** exp(−k² / 2σ²) for k = −⌈3σ⌉ … ⌈3σ⌉, normalised. */
function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.ceil(3 * sigma);
  const kernel = new Float64Array(2 * radius + 1);
  let sum = 0;
  for (let k = -radius; k <= radius; k++) {
    kernel[k + radius] = Math.exp(-(k * k) / (2 * sigma * sigma));
    sum += kernel[k + radius]!;
  }
  for (let k = 0; k < kernel.length; k++) kernel[k]! /= sum;
  return kernel;
}

/** Where each pixel and its neighbours lie along an axis: positions −radius … length − 1 + radius, held inside. */
function clampedPositions(length: number, radius: number, stride: number): Int32Array {
  const positions = new Int32Array(length + 2 * radius);
  for (let i = 0; i < positions.length; i++) {
    positions[i] = Math.min(length - 1, Math.max(0, i - radius)) * stride;
  }
  return positions;
}

/** Blurs in place: along the rows into `scratch`, along the columns back. */
export function blurPixels(
  pixels: Float32Array,
  scratch: Float32Array,
  [height, width, channels]: Shape,
  { sigma }: DrawOf<'gaussian-blur'>,
): void {
  if (sigma === 0) return;
  const kernel = gaussianKernel(sigma);
  const radius = (kernel.length - 1) / 2;
  const row = width * channels;
  const columns = clampedPositions(width, radius, channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * pixels[y * row + columns[x + k]! + c]!;
        scratch[y * row + x * channels + c] = sum;
      }
    }
  }
  const rows = clampedPositions(height, radius, row);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < row; i++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * scratch[rows[y + k]! + i]!;
      pixels[y * row + i] = sum;
    }
  }
}

/** Adds noise in place: two values from each pair of uniforms (Box and Muller). */
export function addNoise(pixels: Float32Array, { sigma, seed }: DrawOf<'gaussian-noise'>): void {
  if (sigma === 0) return;
  const rng = createRng(seed);
  for (let i = 0; i < pixels.length; i += 2) {
    const radius = sigma * Math.sqrt(-2 * Math.log(1 - rng.uniform()));
    const angle = 2 * Math.PI * rng.uniform();
    pixels[i] = Math.min(1, Math.max(0, pixels[i]! + radius * Math.cos(angle)));
    if (i + 1 < pixels.length) pixels[i + 1] = Math.min(1, Math.max(0, pixels[i + 1]! + radius * Math.sin(angle)));
  }
}
