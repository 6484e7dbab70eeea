import type { Draw } from './draw.js';
import { AugmentShapeError } from './errors.js';
import { type GeometricDraw, geometricDraws, nearestIndex, type Size, sizeAfterDraw } from './geometry.js';
import { copyWindow, flipPixels, windowOf } from './move-pixels.js';

type Ids = Int32Array | Uint8Array;

function moveAffinely(source: Ids, target: Ids, [height, width]: Size, matrix: readonly number[], fill: number): void {
  const [a, b, c, d, e, f] = matrix as [number, number, number, number, number, number];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = Math.round(a * x + b * y + c);
      const row = Math.round(d * x + e * y + f);
      const inside = column >= 0 && column < width && row >= 0 && row < height;
      target[y * width + x] = inside ? source[row * width + column]! : fill;
    }
  }
}

function moveIds(source: Ids, target: Ids, [height, width]: Size, draw: GeometricDraw, fill: number): void {
  switch (draw.kind) {
    case 'flip':
      flipPixels(source, target, [height, width, 1], draw);
      break;
    case 'affine':
      moveAffinely(source, target, [height, width], draw.matrix, fill);
      break;
    case 'resized-crop': {
      const [rows, columns] = draw.size;
      for (let y = 0; y < rows; y++) {
        const row = draw.top + nearestIndex(y, draw.height, rows);
        for (let x = 0; x < columns; x++) {
          target[y * columns + x] = source[row * width + draw.left + nearestIndex(x, draw.width, columns)]!;
        }
      }
      break;
    }
    default:
      copyWindow(source, target, [height, width, 1], { ...windowOf(draw, height, width), fill });
  }
}

/**
 * A mask of class ids after the geometric draws of its image: nearest neighbour, so no id is ever mixed.
 *
 * @param mask `[h × w]` ids; not changed
 * @param size `[height, width]`
 * @param fill the id of what comes in from outside, such as the one that the loss ignores
 * @returns a new mask, of the size that a crop among the draws gives it
 * @throws AugmentShapeError
 */
export function applyToMask<Mask extends Int32Array | Uint8Array>(
  mask: Mask,
  size: readonly [height: number, width: number],
  draws: readonly Draw[],
  fill: number,
): Mask {
  const [height, width] = size;
  if (mask.length !== height * width) {
    throw new AugmentShapeError(`expected a mask of ${height}×${width} = ${height * width} ids, got ${mask.length}`);
  }
  const Ids = mask.constructor as new (length: number) => Mask;
  let current = mask.slice() as Mask;
  let from = size;
  for (const draw of geometricDraws(draws)) {
    const to = sizeAfterDraw(draw, from);
    const next = new Ids(to[0] * to[1]);
    moveIds(current, next, from, draw, fill);
    current = next;
    from = to;
  }
  return current;
}
