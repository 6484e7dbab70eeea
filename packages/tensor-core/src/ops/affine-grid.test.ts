import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { expectClose, expectReference, input, randomInput, valuesOf } from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { affineGrid } from './affine-grid.js';
import { bilinearSample } from './bilinear-sample.js';

/** θ applied to each output pixel in plain loops. */
function reference([height, width]: [number, number], alignCorners: boolean) {
  const place = (i: number, size: number) =>
    alignCorners ? (size === 1 ? 0 : -1 + (2 * i) / (size - 1)) : (i + 0.5) / (size / 2) - 1;
  return (theta: number[]): number[] => {
    const grid: number[] = [];
    for (let b = 0; b < theta.length / 6; b++) {
      const t = theta.slice(6 * b);
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const [x, y] = [place(j, width), place(i, height)];
          grid.push(t[0]! * x + t[1]! * y + t[2]!, t[3]! * x + t[4]! * y + t[5]!);
        }
      }
    }
    return grid;
  };
}

const SQUARE = input([1, 3, 3, 1], [0, 1, 2, 3, 4, 5, 6, 7, 9]);
const warp = (theta: number[], alignCorners = false) =>
  valuesOf(
    (images, t) =>
      bilinearSample(images as tf.Tensor4D, affineGrid(t as tf.Tensor3D, [3, 3], { alignCorners }), { alignCorners }),
    [SQUARE, input([1, 2, 3], theta)],
  );

describe('affineGrid', () => {
  it.each([
    [[3, 4], false],
    [[3, 4], true],
    [[1, 5], true],
    [[1, 1], false],
  ] as [[number, number], boolean][])(
    'values and gradients are those of plain loops: %p, alignCorners %p',
    (size, alignCorners) => {
      const operation = (theta: tf.Tensor) => affineGrid(theta as tf.Tensor3D, size, { alignCorners });
      expectReference(operation, reference(size, alignCorners), [randomInput([3, 2, 3], createRng(1))]);
    },
  );

  it.each<[string, number[], number[]]>([
    ['identity', [1, 0, 0, 0, 1, 0], SQUARE.values as number[]],
    ['shift', [1, 0, 0.5, 0, 1, 0], [0.75, 1.75, 0.5, 3.75, 4.75, 1.25, 6.75, 8.5, 2.25]],
    ['scale', [0.5, 0, 0, 0, 0.5, 0], [2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6.25]],
    ['quarter turn', [0, -1, 0, 1, 0, 0], [2, 5, 9, 1, 4, 7, 0, 3, 6]],
    ['shear', [1, 0.5, 0, 0, 1, 0], [0, 0.5, 1.5, 3, 4, 5, 6.5, 8, 4.5]],
  ])('moves an image by hand: %s', (_, theta, expected) => {
    expectClose(warp(theta), expected);
  });

  it('with alignCorners a shift of 0.5 is half a pixel of a 3×3 image', () => {
    expectClose(warp([1, 0, 0.5, 0, 1, 0], true), [0.5, 1.5, 1, 3.5, 4.5, 2.5, 6.5, 8, 4.5]);
  });

  it('leaves nothing behind and names what does not fit', async () => {
    const theta = tf.zeros([2, 2, 3]) as tf.Tensor3D;
    await expectNoLeak(() => affineGrid(theta, [4, 4]).dispose());
    expect(() => affineGrid(theta, [0, 4])).toThrow('affineGrid: height: expected an integer of at least 1, got 0');
    expect(() => affineGrid(theta, [4, 2.5])).toThrow('affineGrid: width');
    tf.tidy(() => {
      expect(() => affineGrid(tf.zeros([2, 6]) as unknown as tf.Tensor3D, [4, 4])).toThrow(
        'affineGrid: theta: expected the shape [B, 2, 3], got [2, 6]',
      );
    });
    theta.dispose();
  });
});
