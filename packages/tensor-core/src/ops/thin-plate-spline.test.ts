import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectClose, gradientsOf, input, randomInput, valuesOf } from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { solveLinearSystem } from './solve-linear-system.js';
import { thinPlateSplineBasis, thinPlateSplineGrid } from './thin-plate-spline.js';

type Points = [number, number][];

const FOUR: Points = [
  [-1, -1],
  [1, -1],
  [-1, 1],
  [1, 1],
];
const SIX: Points = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [-1, 1],
  [0, 1],
  [1, 1],
];

/** Values of the grid of a spline through the points, with the corners of the output at −1 and 1. */
function grid(base: Points, control: Points, size: [number, number]): number[] {
  return valuesOf(
    (points) => thinPlateSplineGrid(points as tf.Tensor3D, thinPlateSplineBasis(base, size, { alignCorners: true })),
    [input([1, base.length, 2], control.flat())],
  );
}

const moved = (points: Points, index: number, by: [number, number]): Points =>
  points.map(([x, y], i) => (i === index ? [x + by[0], y + by[1]] : [x, y]));

describe('thin-plate spline', () => {
  it('by hand, one corner of four moved', () => {
    const values = grid(FOUR, moved(FOUR, 3, [0.2, 0.1]), [5, 5]);
    const at = (row: number, column: number) => values.slice(2 * (5 * row + column), 2 * (5 * row + column) + 2);
    expectClose(at(2, 2), [0.05, 0.025]);
    expectClose(at(4, 4), [1.2, 1.1]);
    expectClose(at(0, 0), [-1, -1]);
    expectClose(at(3, 3), [0.616594, 0.558297]);
    expectClose(at(4, 2), [0.1, 1.05]);
  });

  it('by hand, one of six moved', () => {
    const values = grid(SIX, moved(SIX, 1, [0, 0.3]), [3, 5]);
    const at = (row: number, column: number) => values.slice(2 * (5 * row + column), 2 * (5 * row + column) + 2);
    expectClose(at(1, 2), [0, 0.137752]);
    expectClose(at(0, 3), [0.5, -0.818819]);
    expectClose(at(1, 3), [0.5, 0.102485]);
    expectClose(at(1, 4), [1, 0.024496]);
  });

  it('is an affine map where the control points are one of the base points', () => {
    const map = ([x, y]: [number, number]): [number, number] => [0.9 * x - 0.2 * y + 0.1, 0.3 * x + 1.1 * y - 0.05];
    const pixels = [-1, 0, 1].flatMap((y) => [-1, -1 / 3, 1 / 3, 1].map((x): [number, number] => [x, y]));
    expectClose(grid(SIX, SIX.map(map), [3, 4]), pixels.flatMap(map));
  });

  it('leads every base point to its control point, whichever they are', () => {
    const coordinate = fc.integer({ min: -4, max: 4 }).map((k) => k / 4);
    const points = fc.uniqueArray(fc.tuple(coordinate, coordinate), {
      minLength: 4,
      maxLength: 9,
      selector: (point) => point.join(),
    });
    fc.assert(
      fc.property(points, fc.nat(), (base, seed) => {
        const [ax, ay] = base[0]!;
        const [bx, by] = base[1]!;
        fc.pre(base.some(([x, y]) => Math.abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) > 0.1));
        const control = randomInput([1, base.length, 2], createRng(seed));
        // The pixels of a 9×9 output with alignCorners are the multiples of 1/4.
        const values = valuesOf(
          (c) => thinPlateSplineGrid(c as tf.Tensor3D, thinPlateSplineBasis(base, [9, 9], { alignCorners: true })),
          [control],
        );
        base.forEach(([x, y], k) => {
          const pixel = (y + 1) * 4 * 9 + (x + 1) * 4;
          expectClose(values.slice(2 * pixel, 2 * pixel + 2), control.values.slice(2 * k, 2 * k + 2), 1e-4);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('has the half-pixel grid by default: the identity is that of an affine grid', () => {
    const identity = valuesOf(
      (c) => thinPlateSplineGrid(c as tf.Tensor3D, thinPlateSplineBasis(FOUR, [1, 2])),
      [input([1, 4, 2], FOUR.flat())],
    );
    expectClose(identity, [-0.5, 0, 0.5, 0]);
  });

  it('gives each control point the gradient of its share', () => {
    tf.tidy(() => {
      const basis = thinPlateSplineBasis(SIX, [2, 3]);
      const shares = Array.from(basis.dataSync());
      const upstream = Array.from({ length: 24 }, (_, i) => i - 7);
      const [gradient] = gradientsOf(
        (c) => thinPlateSplineGrid(c as tf.Tensor3D, basis),
        [randomInput([2, 6, 2], createRng(1))],
        upstream,
      );
      const expected = [0, 1].flatMap((b) =>
        SIX.flatMap((_, k) =>
          [0, 1].map((axis) =>
            [0, 1, 2, 3, 4, 5].reduce((sum, p) => sum + upstream[(b * 6 + p) * 2 + axis]! * shares[p * 6 + k]!, 0),
          ),
        ),
      );
      expectClose(gradient!, expected, 1e-4);
    });
  });

  it('refuses points that decide no spline', () => {
    const refused = (points: Points) => () => thinPlateSplineBasis(points, [2, 2]);
    const message = 'expected at least 3 points, no two equal and not all on one line';
    expect(refused(FOUR.slice(0, 2))).toThrow(message);
    expect(refused([...FOUR, [1, 1]])).toThrow(message);
    expect(refused([[-1, -1], [0, 0], [0.3, 0.3], [1, 1]])).toThrow(message); // biome-ignore format: points
    // On a line, but for rounding.
    expect(refused([-1, -0.7, 0.1, 0.6].map((x) => [x, 0.3 * x + 0.1]))).toThrow(message);
    expect(refused([[0, Number.NaN], ...FOUR])).toThrow('finite numbers');
    expect(() => thinPlateSplineBasis(FOUR, [2, 0])).toThrow('thinPlateSplineBasis: width');
  });

  it('leaves nothing behind and names what does not fit', async () => {
    const control = tf.tensor3d([FOUR]);
    await expectNoLeak(() => {
      const basis = thinPlateSplineBasis(FOUR, [2, 2]);
      thinPlateSplineGrid(control, basis).dispose();
      basis.dispose();
    });
    tf.tidy(() => {
      expect(() => thinPlateSplineGrid(control, tf.zeros([2, 2, 5]))).toThrow(
        'thinPlateSplineGrid: controlPoints: expected the shape [B, 5, 2], got [1, 4, 2]',
      );
    });
    control.dispose();
  });
});

describe('solveLinearSystem', () => {
  it('undoes a product, also where a pivot is 0', () => {
    expect(solveLinearSystem([[0, 2], [4, 0]], [[6, 2], [8, 4]])).toEqual([[2, 1], [3, 1]]); // biome-ignore format: matrices
    expect(solveLinearSystem([[1, 2], [2, 4]], [[1], [2]])).toBeNull(); // biome-ignore format: matrices
  });
});
