import type { Rng } from '../random/rng.js';
import type { Draw } from './draw.js';
import type { AffineTransform } from './transform.js';

/** Uniform in [low, high). */
export function drawWithin(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng.uniform();
}

/**
 * The map from the result back to the image: the inverse of scale · rotation · shear about the centre, then the shift.
 * Every transform draws the same number of values whatever its parameters, so that changing one leaves the others' draws.
 */
export function drawAffine(transform: AffineTransform, height: number, width: number, rng: Rng): Draw {
  const { degrees = 0, scale = [1, 1], shear = 0, translate = 0, fill = 0 } = transform;
  const angle = (drawWithin(rng, -degrees, degrees) * Math.PI) / 180;
  const factor = drawWithin(rng, scale[0], scale[1]);
  const slant = Math.tan((drawWithin(rng, -shear, shear) * Math.PI) / 180);
  const dx = drawWithin(rng, -translate, translate) * width;
  const dy = drawWithin(rng, -translate, translate) * height;
  const [cos, sin] = [Math.cos(angle) / factor, Math.sin(angle) / factor];
  // Not −sin: −0 would not survive JSON.
  const [a, b, d, e] = [cos + slant * sin, sin - slant * cos, 0 - sin, cos];
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  return {
    kind: 'affine',
    matrix: [a, b, cx - a * (cx + dx) - b * (cy + dy), d, e, cy - d * (cx + dx) - e * (cy + dy)],
    fill,
  };
}
