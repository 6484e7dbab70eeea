import type { Draw } from './draw.js';
import { AugmentShapeError } from './errors.js';
import { isGeometric } from './geometry.js';

/**
 * Points of an image after its geometric draws. They may leave the image; at a reflecting border they move with the image itself,
 * not with its mirror image.
 *
 * @param points `[n × 2]` as x, y in pixels, (0, 0) being the centre of the first pixel; not changed
 * @param size `[height, width]`
 * @throws AugmentShapeError
 */
export function applyToPoints(
  points: Float32Array,
  [height, width]: readonly [number, number],
  draws: readonly Draw[],
): Float32Array {
  if (points.length % 2 !== 0) {
    throw new AugmentShapeError(`expected points as x, y pairs, got ${points.length} values`);
  }
  const moved = Float64Array.from(points);
  for (const draw of draws.filter(isGeometric)) {
    for (let i = 0; i < moved.length; i += 2) {
      const [x, y] = [moved[i]!, moved[i + 1]!];
      if (draw.kind === 'flip') {
        if (draw.axis === 'horizontal') moved[i] = width - 1 - x;
        else moved[i + 1] = height - 1 - y;
      } else if (draw.kind === 'shift') {
        moved[i] = x + draw.dx;
        moved[i + 1] = y + draw.dy;
      } else {
        const [a, b, c, d, e, f] = draw.matrix;
        const determinant = a * e - b * d;
        moved[i] = (e * (x - c) - b * (y - f)) / determinant;
        moved[i + 1] = (a * (y - f) - d * (x - c)) / determinant;
      }
    }
  }
  return Float32Array.from(moved);
}
