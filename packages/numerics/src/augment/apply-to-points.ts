import type { Draw } from './draw.js';
import { AugmentShapeError } from './errors.js';
import { geometricDraws, type Size, sizeAfterDraw } from './geometry.js';

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
  size: readonly [height: number, width: number],
  draws: readonly Draw[],
): Float32Array {
  if (points.length % 2 !== 0) {
    throw new AugmentShapeError(`expected points as x, y pairs, got ${points.length} values`);
  }
  const moved = Float64Array.from(points);
  let [height, width]: Size = size;
  for (const draw of geometricDraws(draws)) {
    for (let i = 0; i < moved.length; i += 2) {
      const x = moved[i]!;
      const y = moved[i + 1]!;
      switch (draw.kind) {
        case 'flip':
          if (draw.axis === 'horizontal') moved[i] = width - 1 - x;
          else moved[i + 1] = height - 1 - y;
          break;
        case 'shift':
          moved[i] = x + draw.dx;
          moved[i + 1] = y + draw.dy;
          break;
        case 'crop':
          moved[i] = x - draw.left;
          moved[i + 1] = y - draw.top;
          break;
        case 'resized-crop':
          moved[i] = ((x - draw.left + 0.5) * draw.size[1]) / draw.width - 0.5;
          moved[i + 1] = ((y - draw.top + 0.5) * draw.size[0]) / draw.height - 0.5;
          break;
        case 'affine': {
          const [a, b, c, d, e, f] = draw.matrix;
          const determinant = a * e - b * d;
          moved[i] = (e * (x - c) - b * (y - f)) / determinant;
          moved[i + 1] = (a * (y - f) - d * (x - c)) / determinant;
        }
      }
    }
    [height, width] = sizeAfterDraw(draw, [height, width]);
  }
  return Float32Array.from(moved);
}
