import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {
  expectClose,
  expectReference,
  gradientsOf,
  input,
  type Operation,
  randomInput,
  toTensor,
  valuesOf,
} from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { type BilinearSampleOptions, bilinearSample } from './bilinear-sample.js';

type Shape = readonly [batch: number, height: number, width: number, channels: number];

const sampler =
  (options: BilinearSampleOptions): Operation =>
  (images, grid) =>
    bilinearSample(images as tf.Tensor4D, grid as tf.Tensor4D, options);

/** The dense formula: every pixel, weighted by its distance from the point. */
function reference([batch, height, width, channels]: Shape, points: number, options: BilinearSampleOptions) {
  const toPixel = (at: number, size: number) => {
    const pixel = options.alignCorners ? ((at + 1) * (size - 1)) / 2 : ((at + 1) * size - 1) / 2;
    return options.padding === 'border' ? Math.min(Math.max(pixel, 0), size - 1) : pixel;
  };
  return (images: number[], grid: number[]): number[] => {
    const y: number[] = [];
    for (let b = 0; b < batch; b++) {
      for (let n = 0; n < points; n++) {
        const px = toPixel(grid[2 * (b * points + n)]!, width);
        const py = toPixel(grid[2 * (b * points + n) + 1]!, height);
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let row = 0; row < height; row++) {
            for (let column = 0; column < width; column++) {
              const weight = Math.max(0, 1 - Math.abs(px - column)) * Math.max(0, 1 - Math.abs(py - row));
              sum += weight * images[((b * height + row) * width + column) * channels + c]!;
            }
          }
          y.push(sum);
        }
      }
    }
    return y;
  };
}

/** Normalised coordinates whose pixel is not within 1/100 of a kink, out of any numbers. */
function offKinks(values: readonly number[], sizes: readonly [width: number, height: number], alignCorners: boolean) {
  return values.map((value, i) => {
    const size = sizes[i % 2]!;
    const slope = (alignCorners ? size - 1 : size) / 2;
    if (slope === 0) return value;
    const pixel = value * slope + (size - 1) / 2;
    const part = Math.min(Math.max(pixel - Math.floor(pixel), 0.01), 0.99);
    return (Math.floor(pixel) + part - (size - 1) / 2) / slope;
  });
}

const PIXELS = [0, 1, 2, 3, 4, 5, 6, 7, 9];
/** A grid of one row of points given in pixels of a 3×3 image. */
const at = (...pixels: [number, number][]) =>
  input(
    [1, 1, pixels.length, 2],
    pixels.flat().map((p) => (2 * p + 1) / 3 - 1),
  );
const square = input([1, 3, 3, 1], PIXELS);

describe('bilinearSample', () => {
  it('values and gradients are those of the dense formula', () => {
    const size = fc.integer({ min: 1, max: 4 });
    const cases = fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      height: size,
      width: size,
      channels: fc.integer({ min: 1, max: 3 }),
      out: fc.tuple(size, size),
      alignCorners: fc.boolean(),
      padding: fc.constantFrom('zeros' as const, 'border' as const),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(cases, ({ batch, height, width, channels, out, alignCorners, padding, seed }) => {
        const rng = createRng(seed);
        const shape: Shape = [batch, height, width, channels];
        const gridShape = [batch, ...out, 2];
        const drawn = randomInput(gridShape, rng);
        const grid = input(gridShape, offKinks(drawn.values, [width, height], alignCorners));
        const options = { alignCorners, padding };
        expectReference(sampler(options), reference(shape, out[0] * out[1], options), [randomInput(shape, rng), grid], {
          tolerance: 2e-5,
          gradientTolerance: 3e-4,
        });
      }),
      { numRuns: 60 },
    );
  });

  it('by hand, with zeros around', () => {
    const grid = at([0.25, 0.5], [1.5, 0.25], [0.5, 1.75], [2.5, 1], [-0.5, 1], [2, 2], [3, 1]);
    expectClose(valuesOf(sampler({}), [square, grid]), [1.75, 2.25, 5.75, 2.5, 1.5, 9, 0]);
  });

  it('by hand, with the border continued, where the gradient to a clamped coordinate is 0', () => {
    const grid = at([2.5, 1], [-0.5, 1]);
    const operation = sampler({ padding: 'border' });
    expectClose(valuesOf(operation, [square, grid]), [5, 3]);
    const slopes = gradientsOf(operation, [square, grid], [1, 1])[1]!;
    expect([slopes[0], slopes[2]]).toEqual([0, 0]);
  });

  it('gradients by hand, at the centres of pixels the slope towards the next', () => {
    const centres = sampler({ alignCorners: true });
    // Pixel (0, 0) and (1, 1) exactly; pixel = coordinate + 1, so the slopes are those per pixel.
    const corners = input([1, 1, 2, 2], [-1, -1, 0, 0]);
    expect(gradientsOf(centres, [square, corners], [1, 1])[1]).toEqual([1, 3, 1, 3]);
    const inside = input([1, 1, 3, 2], [-0.75, -0.5, 0.5, -0.75, -0.5, 0.75]);
    const [images, grid] = gradientsOf(centres, [square, inside], [1, 1, 1]);
    expectClose(grid!, [1, 3, 1, 3, 1, 3]);
    expect(images!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(3, 5);
    expectClose(
      gradientsOf(
        centres,
        [square, input([1, 1, 5, 2], [-0.75, -0.5, 0.5, -0.75, -0.5, 0.75, -1, -1, 0, 0])],
        [1, 1, 1, 1, 1],
      )[0]!,
      [1.375, 0.5, 0.375, 0.5, 1.375, 0.125, 0.375, 0.375, 0],
    );
  });

  it('survives points that are infinite, huge or NaN', () => {
    const grid = { shape: [1, 1, 5, 2], values: [1e30, 0, Number.NEGATIVE_INFINITY, 0, 0, 1e9, 0, 0, 0, Number.NaN] };
    expectClose(valuesOf(sampler({}), [square, grid]).slice(0, 4), [0, 0, 0, 4]);
    expect(valuesOf(sampler({}), [square, grid])[4]).toBeNaN();
    expectClose(valuesOf(sampler({ padding: 'border' }), [square, grid]).slice(0, 4), [5, 3, 7, 4]);
    const [images, points] = gradientsOf(sampler({}), [square, grid], [1, 1, 1, 1, 0]);
    expect(points!.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(images).toHaveLength(9);
  });

  it('leaves nothing behind', async () => {
    const rng = createRng(3);
    const images = toTensor(randomInput([2, 4, 5, 3], rng)) as tf.Tensor4D;
    const grid = toTensor(randomInput([2, 3, 3, 2], rng)) as tf.Tensor4D;
    const loss = (x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.square(bilinearSample(x as tf.Tensor4D, y as tf.Tensor4D)));
    await expectNoLeak(() => {
      bilinearSample(images, grid).dispose();
      tf.dispose(tf.grads(loss)([images, grid]));
    });
    tf.dispose([images, grid]);
  });

  it('names what does not fit', () => {
    tf.tidy(() => {
      const images: tf.Tensor4D = tf.zeros([2, 4, 4, 1]);
      const grid: tf.Tensor4D = tf.zeros([2, 3, 3, 2]);
      expect(() => bilinearSample(images, tf.zeros([1, 3, 3, 2]))).toThrow(
        "bilinearSample: grid: expected the shape [2, h', w', 2], got [1, 3, 3, 2]",
      );
      expect(() => bilinearSample(images, tf.zeros([2, 9, 2]) as unknown as tf.Tensor4D)).toThrow('got [2, 9, 2]');
      expect(() => bilinearSample(tf.zeros([2, 0, 4, 1]), grid)).toThrow('images: expected the shape');
      expect(() => bilinearSample(images, tf.cast(grid, 'int32'))).toThrow(
        'grid: expected a float32 tensor, got int32',
      );
      expect(() => bilinearSample(images, grid, { padding: 'mirror' as 'zeros' })).toThrow('one of zeros, border');
    });
  });
});
