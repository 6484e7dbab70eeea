import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectReference, type Operation, randomInput, toTensor } from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { atrousConvolution2d } from './atrous-convolution-2d.js';

interface Sizes {
  x: [number, number, number, number];
  filter: [number, number, number, number];
  dilation: [number, number];
  padding: 'same' | 'valid';
}

/** The definition in plain loops. */
function reference({ x: [batch, height, width, channels], filter: [kh, kw, , out], dilation, padding }: Sizes) {
  const [reachY, reachX] = [(kh - 1) * dilation[0], (kw - 1) * dilation[1]];
  const same = padding === 'same';
  const [top, left] = same ? [Math.floor(reachY / 2), Math.floor(reachX / 2)] : [0, 0];
  const [outHeight, outWidth] = same ? [height, width] : [height - reachY, width - reachX];
  return (x: number[], filter: number[]): number[] => {
    const y: number[] = [];
    for (let b = 0; b < batch; b++) {
      for (let i = 0; i < outHeight; i++) {
        for (let j = 0; j < outWidth; j++) {
          for (let o = 0; o < out; o++) {
            let sum = 0;
            for (let u = 0; u < kh; u++) {
              for (let v = 0; v < kw; v++) {
                const row = i + u * dilation[0] - top;
                const column = j + v * dilation[1] - left;
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                for (let c = 0; c < channels; c++) {
                  const pixel = x[((b * height + row) * width + column) * channels + c]!;
                  sum += pixel * filter[((u * kw + v) * channels + c) * out + o]!;
                }
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

function check(sizes: Sizes, seed = 1): void {
  const rng = createRng(seed);
  const { dilation, padding } = sizes;
  const operation: Operation = (x, filter) =>
    atrousConvolution2d(x as tf.Tensor4D, filter as tf.Tensor4D, { dilation, padding });
  expectReference(operation, reference(sizes), [randomInput(sizes.x, rng), randomInput(sizes.filter, rng)]);
}

describe('atrousConvolution2d', () => {
  it.each<[string, Sizes]>([
    ['3×3, dilation 2', { x: [2, 6, 5, 2], filter: [3, 3, 2, 3], dilation: [2, 2], padding: 'same' }],
    ['valid', { x: [2, 6, 7, 2], filter: [3, 3, 2, 1], dilation: [2, 3], padding: 'valid' }],
    [
      'an even filter, whose padding is uneven',
      { x: [1, 5, 6, 1], filter: [2, 4, 1, 2], dilation: [3, 1], padding: 'same' },
    ],
    ['no dilation', { x: [2, 4, 4, 1], filter: [3, 3, 1, 2], dilation: [1, 1], padding: 'same' }],
    [
      'a filter that reaches beyond the image',
      { x: [1, 3, 4, 1], filter: [3, 3, 1, 1], dilation: [4, 5], padding: 'same' },
    ],
    ['1×1', { x: [1, 2, 3, 2], filter: [1, 1, 2, 2], dilation: [2, 2], padding: 'same' }],
    ['one pixel left', { x: [1, 5, 5, 1], filter: [3, 3, 1, 1], dilation: [2, 2], padding: 'valid' }],
  ])('values and gradients are those of plain loops: %s', (_, sizes) => {
    check(sizes);
  });

  it('values and gradients are those of plain loops for any shape', () => {
    const small = fc.integer({ min: 1, max: 3 });
    const amount = fc.integer({ min: 1, max: 3 });
    const shapes = fc.record({
      x: fc.tuple(small, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), small),
      kernel: fc.tuple(small, small, small),
      dilation: fc.tuple(amount, amount),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, ({ x, kernel: [kh, kw, out], dilation, seed }) => {
        check({ x, filter: [kh, kw, x[3], out], dilation, padding: 'same' }, seed);
      }),
      { numRuns: 25 },
    );
  });

  it('takes one dilation for both axes, and pads with zeros unless told', () => {
    tf.tidy(() => {
      const x = tf.ones([1, 3, 3, 1]) as tf.Tensor4D;
      const y = atrousConvolution2d(x, tf.ones([3, 3, 1, 1]), { dilation: 2 });
      expect(Array.from(y.dataSync())).toEqual([4, 2, 4, 2, 1, 2, 4, 2, 4]);
    });
  });

  it('leaves nothing behind, also when the gradient is taken', async () => {
    const rng = createRng(2);
    const x = toTensor(randomInput([1, 5, 5, 2], rng)) as tf.Tensor4D;
    const filter = toTensor(randomInput([3, 3, 2, 2], rng)) as tf.Tensor4D;
    const loss = (a: tf.Tensor, b: tf.Tensor) =>
      tf.sum(tf.square(atrousConvolution2d(a as tf.Tensor4D, b as tf.Tensor4D, { dilation: 2 })));
    await expectNoLeak(() => {
      atrousConvolution2d(x, filter, { dilation: 2 }).dispose();
      tf.dispose(tf.grads(loss)([x, filter]));
    });
    tf.dispose([x, filter]);
  });

  it('names what does not fit', () => {
    tf.tidy(() => {
      const x: tf.Tensor4D = tf.zeros([1, 4, 4, 2]);
      const filter: tf.Tensor4D = tf.zeros([3, 3, 2, 1]);
      const call = (a: unknown, b: unknown, options: unknown) => () =>
        atrousConvolution2d(a as tf.Tensor4D, b as tf.Tensor4D, options as { dilation: number });
      expect(call(tf.zeros([4, 4, 2]), filter, { dilation: 2 })).toThrow(
        'atrousConvolution2d: x: expected the shape [B, h, w, C], got [4, 4, 2]',
      );
      expect(call(x, tf.zeros([3, 3, 1, 1]), { dilation: 2 })).toThrow('expected the shape [k_h, k_w, 2, O]');
      expect(call(x, filter, { dilation: 2, padding: 'valid' })).toThrow('expected at least [5, 5] pixels');
      expect(call(x, filter, { dilation: 0 })).toThrow('dilation: expected an integer of at least 1, got 0');
      expect(call(x, filter, { dilation: [1, 1.5] })).toThrow('got 1.5');
      expect(call(x, filter, { dilation: 1, padding: 'full' })).toThrow('expected one of same, valid, got full');
      expect(call(tf.zeros([1, 4, 4, 2], 'int32'), filter, { dilation: 2 })).toThrow(
        'expected a float32 tensor, got int32',
      );
      expect(call([1, 2], filter, { dilation: 2 })).toThrow('got no tensor (object)');
    });
  });
});
