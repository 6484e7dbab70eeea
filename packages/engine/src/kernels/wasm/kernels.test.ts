import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';
import { registerWasmKernels } from './register.js';

beforeAll(async () => {
  await useEngine({ engine: 'wasm', log: () => {} });
});

function expectClose(got: ArrayLike<number>, wanted: readonly number[], digits: number): void {
  expect(got).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, digits);
}

const wave = (size: number, phase: number) => Array.from({ length: size }, (_, i) => Math.sin(i * i * 0.7 + i + phase));

/** df[i, j, c, o] = Σ x[b, y·s + i − top, x·s + j − left, c] · dy[b, y, x, o], in plain loops. */
function slowFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, kernel: number, stride: number, before: number): number[] {
  const [batch, height, width, channels] = x.shape;
  const [, rows, columns, filters] = dy.shape;
  const [xs, dys] = [x.dataSync(), dy.dataSync()];
  const out: number[] = [];
  for (let i = 0; i < kernel; i++)
    for (let j = 0; j < kernel; j++)
      for (let c = 0; c < channels; c++)
        for (let o = 0; o < filters; o++) {
          let sum = 0;
          for (let b = 0; b < batch; b++)
            for (let r = 0; r < rows; r++)
              for (let q = 0; q < columns; q++) {
                const [row, column] = [r * stride + i - before, q * stride + j - before];
                if (row < 0 || column < 0 || row >= height || column >= width) continue;
                sum +=
                  xs[((b * height + row) * width + column) * channels + c]! *
                  dys[((b * rows + r) * columns + q) * filters + o]!;
              }
          out.push(sum);
        }
  return out;
}

describe('Conv2DBackpropFilter on wasm', () => {
  const cases: [size: number, kernel: number, stride: number, pad: 'same' | 'valid' | number, before: number][] = [
    [7, 3, 1, 'same', 1],
    [7, 3, 2, 'same', 1],
    [7, 3, 2, 'valid', 0],
    [8, 3, 2, 'valid', 0],
    [6, 1, 1, 'valid', 0],
    [6, 1, 2, 'same', 0],
    [6, 5, 1, 2, 2],
  ];
  it.each(cases)(
    'size %d, kernel %d, stride %d, pad %s equals plain loops',
    async (size, kernel, stride, pad, before) => {
      const x = tf.tensor4d(wave(2 * size * size * 3, 0), [2, size, size, 3]);
      const filter = tf.tensor4d(wave(kernel * kernel * 3 * 2, 1), [kernel, kernel, 3, 2]);
      const shape = tf.conv2d(x, filter, stride, pad).shape as [number, number, number, number];
      const dy = tf.tensor4d(
        wave(
          shape.reduce((a, b) => a * b),
          2,
        ),
        shape,
      );
      const got = tf.grad((f) => tf.conv2d(x, f as tf.Tensor4D, stride, pad))(filter, dy);
      expect(got.shape).toEqual([kernel, kernel, 3, 2]);
      const wanted = slowFilterGradient(x, dy, kernel, stride, before);
      expectClose(await got.data(), wanted, 4);
    },
  );

  it('leaves no tensor behind', () => {
    const [x, filter] = [tf.ones([1, 5, 5, 2]) as tf.Tensor4D, tf.ones([3, 3, 2, 4])];
    const gradient = tf.grad((f) => tf.conv2d(x, f as tf.Tensor4D, 1, 'same'));
    tf.dispose(gradient(filter));
    const before = tf.memory().numTensors;
    tf.dispose(gradient(filter));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('UnsortedSegmentSum on wasm', () => {
  it('sums rows by segment, and gives gather its gradient', async () => {
    const x = tf.tensor2d(wave(10, 0), [5, 2]);
    const sums = tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2, 2, 0], 'int32'), 4);
    const rows = (await x.array()) as number[][];
    const wanted = Array.from({ length: 8 }, () => 0);
    for (const [i, id] of [2, 0, 2, 2, 0].entries()) {
      for (const c of [0, 1]) wanted[id * 2 + c]! += rows[i]![c]!;
    }
    expectClose(await sums.data(), wanted, 5);
    const table = tf.tensor2d(wave(6, 1), [3, 2]);
    const gradient = tf.grad((t) => tf.gather(t, tf.tensor1d([1, 1, 2], 'int32')).sum())(table);
    expect(await gradient.array()).toEqual([
      [0, 0],
      [2, 2],
      [1, 1],
    ]);
  });
});

describe('OneHot on wasm', () => {
  it('gives float32 rows that stock wasm gives as 1.4e-45', async () => {
    const hot = tf.oneHot(tf.tensor1d([2, 0], 'int32'), 3, 0.9, 0.05, 'float32');
    expect(hot.dtype).toBe('float32');
    expectClose(await hot.data(), [0.05, 0.05, 0.9, 0.9, 0.05, 0.05], 6);
    expect(await tf.oneHot(tf.tensor1d([1], 'int32'), 2).array()).toEqual([[0, 1]]);
  });
});

it('registers nothing twice', () => {
  const before = tf.getKernel('OneHot', 'wasm');
  registerWasmKernels();
  expect(tf.getKernel('OneHot', 'wasm')).toBe(before);
});

it('trains a small CNN', async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        inputShape: [8, 8, 1],
        kernelInitializer: tf.initializers.heUniform({ seed: 1 }),
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }) }),
    ],
  });
  // Class 0 is bright on the left, class 1 on the right.
  const labels = Array.from({ length: 32 }, (_, i) => i % 2);
  const pixels = labels.flatMap((label, n) =>
    Array.from({ length: 64 }, (_, i) => Number(i % 8 < 4 === (label === 0)) + 0.3 * Math.sin(n * 64 + i)),
  );
  const x = tf.tensor4d(pixels, [32, 8, 8, 1]);
  const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 2, 1, 0, 'float32');
  const optimizer = tf.train.sgd(0.1);
  const losses: number[] = [];
  for (let step = 0; step < 15; step++) {
    const loss = optimizer.minimize(
      () => tf.losses.softmaxCrossEntropy(y, model.apply(x) as tf.Tensor) as tf.Scalar,
      true,
    )!;
    losses.push((await loss.data())[0]!);
    loss.dispose();
  }
  expect(losses.at(-1)!).toBeLessThan(0.2 * losses[0]!);
});
