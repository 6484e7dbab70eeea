import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import {
  expectClose,
  expectReference,
  gradientsOf,
  input,
  randomInput,
  toTensor,
  valuesOf,
} from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { type ImageTransformOptions, imageTransform } from './image-transform.js';
import { rotate } from './rotate.js';

type Shape = readonly [batch: number, height: number, width: number, channels: number];

/** The definition in plain loops; transforms of [B, 8] or [1, 8]. */
function reference([batch, height, width, channels]: Shape, { padding, size }: ImageTransformOptions) {
  const [outHeight, outWidth] = size ?? [height, width];
  return (images: number[], transforms: number[]): number[] => {
    const y: number[] = [];
    for (let b = 0; b < batch; b++) {
      const t = transforms.length === 8 ? transforms : transforms.slice(8 * b, 8 * b + 8);
      for (let i = 0; i < outHeight; i++) {
        for (let j = 0; j < outWidth; j++) {
          const k = t[6]! * j + t[7]! * i + 1;
          let px = (t[0]! * j + t[1]! * i + t[2]!) / k;
          let py = (t[3]! * j + t[4]! * i + t[5]!) / k;
          if (padding === 'border') {
            px = Math.min(Math.max(px, 0), width - 1);
            py = Math.min(Math.max(py, 0), height - 1);
          }
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
    }
    return y;
  };
}

const SHAPE: Shape = [2, 4, 5, 2];
const PROJECTIVE = [
  0.9, 0.13, 0.31, -0.21, 1.1, 0.17, 0.013, 0.021, 1.07, -0.11, -0.23, 0.19, 0.83, 0.47, -0.017, 0.011,
];

describe('imageTransform', () => {
  it.each<[string, number[], ImageTransformOptions]>([
    ['projective, zeros', PROJECTIVE, {}],
    ['projective, border', PROJECTIVE, { padding: 'border' }],
    ['another size', PROJECTIVE, { size: [3, 6] }],
    ['one transform for all images', PROJECTIVE.slice(0, 8), {}],
  ])('values and gradients are those of plain loops: %s', (_, transforms, options) => {
    const images = randomInput(SHAPE, createRng(1));
    const operation = (x: tf.Tensor, t: tf.Tensor) => imageTransform(x as tf.Tensor4D, t as tf.Tensor2D, options);
    const inputs = [images, input([transforms.length / 8, 8], transforms)];
    expectReference(operation, reference(SHAPE, options), inputs, { tolerance: 2e-5, gradientTolerance: 5e-4 });
  });

  it('reads outside where k = 0, with finite gradients', () => {
    const inputs = [input([1, 2, 2, 1], [1, 2, 3, 4]), input([1, 8], [1, 0, 0, 0, 1, 0, -1, 0])]; // k = 0 in column 1
    const operation = (x: tf.Tensor, t: tf.Tensor) => imageTransform(x as tf.Tensor4D, t as tf.Tensor2D);
    expect(valuesOf(operation, inputs)).toEqual([1, 0, 3, 0]);
    expect(gradientsOf(operation, inputs, [1, 1, 1, 1]).flat().every(Number.isFinite)).toBe(true);
  });

  it('leaves nothing behind and names what does not fit', async () => {
    const images = toTensor(randomInput(SHAPE, createRng(3))) as tf.Tensor4D;
    const transforms = toTensor(input([2, 8], PROJECTIVE)) as tf.Tensor2D;
    const loss = (x: tf.Tensor, t: tf.Tensor) => tf.sum(tf.square(imageTransform(x as tf.Tensor4D, t as tf.Tensor2D)));
    await expectNoLeak(() => tf.dispose(tf.grads(loss)([images, transforms])));
    tf.tidy(() => {
      expect(() => imageTransform(images, tf.zeros([3, 8]))).toThrow(
        'imageTransform: transforms: expected the shape [2, 8], got [3, 8]',
      );
      expect(() => imageTransform(images, tf.zeros([2, 6]))).toThrow('got [2, 6]');
    });
    expect(() => imageTransform(images, transforms, { size: [0, 3] })).toThrow('imageTransform: height');
    expect(() => imageTransform(images, transforms, { padding: 'wrap' as 'zeros' })).toThrow('one of zeros, border');
    tf.dispose([images, transforms]);
  });
});

describe('rotate', () => {
  const turn = (x: tf.Tensor, angles: tf.Tensor) => rotate(x as tf.Tensor4D, angles as tf.Tensor1D);

  it('turns an image counterclockwise about its centre', () => {
    const images = input([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const quarter = valuesOf((x) => rotate(x as tf.Tensor4D, Math.PI / 2), [images]);
    expectClose(quarter, [3, 6, 9, 2, 5, 8, 1, 4, 7]);
    const even = input([1, 2, 2, 1], [1, 2, 3, 4]);
    expectClose(
      valuesOf((x) => rotate(x as tf.Tensor4D, Math.PI), [even]),
      [4, 3, 2, 1],
    );
  });

  it('values and gradients, those to the angles included, are those of plain loops', () => {
    const shape: Shape = [2, 4, 5, 1];
    const loops = (images: number[], angles: number[]): number[] => {
      const transforms = angles.flatMap((angle) => {
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        // The centre of 4×5 pixels is (2, 1.5).
        return [cos, -sin, 2 - (cos * 2 - sin * 1.5), sin, cos, 1.5 - (sin * 2 + cos * 1.5), 0, 0];
      });
      return reference(shape, {})(images, transforms);
    };
    const inputs = [randomInput(shape, createRng(4)), input([2], [0.41, -1.3])];
    expectReference(turn, loops, inputs, { tolerance: 2e-5, gradientTolerance: 5e-4 });
  });

  it('names what does not fit', () => {
    tf.tidy(() => {
      const images: tf.Tensor4D = tf.zeros([2, 3, 3, 1]);
      expect(() => rotate(images, tf.zeros([3]))).toThrow('rotate: angles: expected the shape [2], got [3]');
      expect(() => rotate(images, Number.NaN)).toThrow('rotate: angles: expected a finite number, got NaN');
      expect(() => rotate(tf.zeros([3, 3, 1]) as unknown as tf.Tensor4D, 1)).toThrow('rotate: images');
    });
  });
});
