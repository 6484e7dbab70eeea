import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

/** The first maximum of each window takes its gradient, in plain loops. */
function slowGradient(x: tf.Tensor4D, dy: tf.Tensor4D, size: number, stride: number, before: number): number[] {
  const [batch, height, width, channels] = x.shape;
  const [, rows, columns] = dy.shape;
  const [xs, dys] = [x.dataSync(), dy.dataSync()];
  const out = new Array<number>(xs.length).fill(0);
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let c = 0; c < channels; c++) {
          let best = -1;
          for (let di = 0; di < size; di++)
            for (let dj = 0; dj < size; dj++) {
              const [row, column] = [i * stride + di - before, j * stride + dj - before];
              if (row < 0 || column < 0 || row >= height || column >= width) continue;
              const at = ((b * height + row) * width + column) * channels + c;
              if (best < 0 || xs[at]! > xs[best]!) best = at;
            }
          out[best]! += dys[((b * rows + i) * columns + j) * channels + c]!;
        }
  return out;
}

describe('the gradient of max pooling', () => {
  const cases: [size: number, window: number, stride: number, pad: 'valid' | 'same', before: number][] = [
    [8, 2, 2, 'valid', 0],
    [7, 2, 2, 'valid', 0],
    [7, 3, 2, 'same', 1],
    [6, 3, 1, 'same', 1],
    [6, 3, 3, 'valid', 0],
    [9, 2, 3, 'valid', 0],
  ];
  it.each(cases)('size %d, window %d, stride %d, %s equals plain loops', async (size, window, stride, pad, before) => {
    const pixels = Array.from({ length: 2 * size * size * 19 }, (_, i) => Math.sin(i * i * 0.31 + i));
    const x = tf.tensor4d(pixels, [2, size, size, 19]);
    const shape = tf.maxPool(x, window, stride, pad).shape as [number, number, number, number];
    const dy = tf.randomNormal<tf.Rank.R4>(shape, 0, 1, 'float32', 3);
    const got = await tf
      .grad((t) => tf.maxPool(t as tf.Tensor4D, window, stride, pad))(x, dy)
      .data();
    const wanted = slowGradient(x, dy, window, stride, before);
    expect(Math.max(...wanted.map((value, i) => Math.abs(value - got[i]!)))).toBeLessThan(1e-5);
  });

  it('goes to the first of equal maxima', async () => {
    const x = tf.zeros<tf.Rank.R4>([1, 2, 2, 1]);
    const got = tf.grad((t) => tf.maxPool(t as tf.Tensor4D, 2, 2, 'valid'))(x);
    expect(Array.from(await got.data())).toEqual([1, 0, 0, 0]);
  });
});
