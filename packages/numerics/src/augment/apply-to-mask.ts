import type { Draw } from './draw.js';
import { AugmentShapeError } from './errors.js';
import { isGeometric, sourceIndices } from './geometry.js';

/**
 * A mask of class ids after the geometric draws of its image: nearest neighbour, so no id is ever mixed.
 *
 * @param mask `[h × w]` ids; not changed
 * @param size `[height, width]`
 * @param fill the id of what comes in from outside, such as the one that the loss ignores
 * @throws AugmentShapeError
 */
export function applyToMask<Mask extends Int32Array | Uint8Array>(
  mask: Mask,
  [height, width]: readonly [number, number],
  draws: readonly Draw[],
  fill: number,
): Mask {
  if (mask.length !== height * width) {
    throw new AugmentShapeError(`expected a mask of ${height}×${width} = ${height * width} ids, got ${mask.length}`);
  }
  let current = mask.slice() as Mask;
  for (const draw of draws.filter(isGeometric)) {
    const next = new (mask.constructor as new (length: number) => Mask)(mask.length);
    const whole = draw.kind === 'affine' ? undefined : sourceIndices(draw, height, width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let [column, row] = [-1, -1];
        if (draw.kind === 'affine') {
          const [a, b, c, d, e, f] = draw.matrix;
          column = Math.round(a * x + b * y + c);
          row = Math.round(d * x + e * y + f);
        } else {
          column = whole!.columns[x]!;
          row = whole!.rows[y]!;
        }
        const inside = column >= 0 && column < width && row >= 0 && row < height;
        next[y * width + x] = inside ? current[row * width + column]! : fill;
      }
    }
    current = next;
  }
  return current;
}
