import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../use-engine.js';
import { applyPatches, removePatches } from './apply.js';

// On an engine without the native operations both sides are the stock ones, and the comparison is trivially true.
beforeAll(async () => {
  await useEngine({ log: () => {} });
});

afterAll(() => applyPatches());

const wave = (size: number, phase: number) =>
  Array.from({ length: size }, (_, i) => Math.sin(i * i * 0.37 + i + phase));

/** Runs the same with the patches and without them. */
async function both(run: () => Promise<number[][]>): Promise<[patched: number[][], stock: number[][]]> {
  applyPatches();
  const patched = await run();
  removePatches();
  const stock = await run();
  applyPatches();
  return [patched, stock];
}

function expectClose([patched, stock]: [number[][], number[][]], tolerance = 1e-5): void {
  expect(patched.map(({ length }) => length)).toEqual(stock.map(({ length }) => length));
  const worst = Math.max(
    ...stock.flatMap((values, k) => values.map((v, i) => Math.abs(v - patched[k]![i]!) / Math.max(1, Math.abs(v)))),
  );
  expect(worst).toBeLessThan(tolerance);
}

const optimizers: [name: string, make: () => tf.Optimizer][] = [
  ['adam', () => tf.train.adam(0.05, 0.8, 0.95, 1e-3)],
  ['momentum', () => tf.train.momentum(0.05, 0.7)],
  ['Nesterov', () => tf.train.momentum(0.05, 0.7, true)],
];

describe.each(optimizers)('%s', (_name, make) => {
  it('updates as the stock optimiser does, state and all, and leaves nothing behind', async () => {
    expectClose(
      await both(async () => {
        const variables = [tf.variable(tf.tensor2d(wave(6, 0), [3, 2])), tf.variable(tf.tensor1d(wave(5, 1)))];
        const optimizer = make();
        const counts: number[] = [];
        for (let step = 0; step < 6; step++) {
          optimizer.minimize(() => {
            const [w, b] = variables as [tf.Variable, tf.Variable];
            return tf.add(tf.sum(tf.square(w)), tf.sum(tf.sin(b))) as tf.Scalar;
          });
          counts.push(tf.memory().numTensors);
        }
        expect(new Set(counts.slice(1)).size).toBe(1);
        const state = (await optimizer.getWeights()).map(({ tensor }) => Array.from(tensor.dataSync()));
        const values = variables.map((variable) => Array.from(variable.dataSync()));
        optimizer.dispose();
        tf.dispose(variables);
        return [...values, ...state];
      }),
    );
  });

  it('goes on where saved weights stood', async () => {
    const w = tf.variable(tf.tensor1d(wave(4, 2)));
    const loss = () => tf.sum(tf.square(w)) as tf.Scalar;
    const first = make();
    for (let step = 0; step < 3; step++) first.minimize(loss);
    // What getWeights gives are the optimiser's own variables.
    const saved = (await first.getWeights()).map(({ name, tensor }) => ({ name, tensor: tensor.clone() }));
    const start = w.clone();
    first.minimize(loss);
    const expected = Array.from(w.dataSync());
    w.assign(start);
    const second = make();
    await second.setWeights(saved);
    second.minimize(loss);
    w.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });
});

describe('batchNormalization', () => {
  const run = (shape: number[], offset: number) => async () => {
    const layer = tf.layers.batchNormalization({ momentum: 0.8, epsilon: 1e-3, inputShape: shape.slice(1) });
    layer.build(shape);
    const channels = shape.at(-1)!;
    layer.setWeights([
      tf.tensor1d(wave(channels, 3)),
      tf.tensor1d(wave(channels, 4)),
      tf.zeros([channels]),
      tf.ones([channels]),
    ]);
    const size = shape.reduce((a, b) => a * b);
    const x = tf.tensor(wave(size, 5), shape).mul(3).add(offset) as tf.Tensor;
    const dy = tf.tensor(wave(size, 6), shape);
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const dx = tf.grad((t) => tf.sum(tf.mul(layer.apply(t, { training: true }) as tf.Tensor, dy)))(x);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(layer.apply(x, { training: true }) as tf.Tensor, dy)) as tf.Scalar,
      variables,
    );
    const y = layer.apply(x, { training: false }) as tf.Tensor;
    const results = [
      y,
      dx,
      ...variables.map(({ name }) => grads[name]!),
      ...layer.weights.map((weight) => weight.read()),
    ];
    return results.map((tensor) => Array.from(tensor.dataSync()));
  };

  it.each([
    [[4, 3, 5, 7], 0],
    [[6, 16], 0],
    [[2, 9, 32], 1],
    [[3, 2, 2, 1], 2],
  ])('shape %j, mean about %d: as the stock layer, moments and gradients', async (shape, offset) => {
    expectClose(await both(run(shape, offset)), 2e-4);
  });

  it('keeps its digits where the mean is large beside the deviation', async () => {
    const layer = tf.layers.batchNormalization({ epsilon: 1e-6 });
    layer.build([null, 1]);
    const x = tf.tensor2d([10000, 10001, 10002, 10003], [4, 1]);
    const y = Array.from((layer.apply(x, { training: true }) as tf.Tensor).dataSync());
    [-1.5, -0.5, 0.5, 1.5].forEach((value, i) => {
      expect(y[i]).toBeCloseTo(value / Math.sqrt(1.25), 3);
    });
  });

  it('constant tensor count over training steps', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [3] }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const optimizer = tf.train.sgd(0.1);
    const x = tf.tensor2d(wave(15, 0), [5, 3]);
    const counts = Array.from({ length: 4 }, () => {
      optimizer.minimize(() => tf.sum(tf.square(model.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar);
      return tf.memory().numTensors;
    });
    expect(new Set(counts.slice(1)).size).toBe(1);
  });
});

describe('layers with bias and ReLU', () => {
  const run = (make: () => tf.layers.Layer, shape: number[]) => async () => {
    const layer = make();
    layer.build(shape);
    layer.setWeights(
      layer.weights.map((weight, k) => tf.tensor(wave(weight.read().size, k + 1), weight.shape as number[])),
    );
    const x = tf.tensor(
      wave(
        shape.reduce((a, b) => a * b),
        5,
      ),
      shape,
    );
    const variables = layer.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const y = layer.apply(x, { training: true }) as tf.Tensor;
    const dy = tf.tensor(wave(y.size, 6), y.shape);
    const dx = tf.grad((t) => tf.sum(tf.mul(layer.apply(t) as tf.Tensor, dy)))(x);
    const { grads } = tf.variableGrads(() => tf.sum(tf.mul(layer.apply(x) as tf.Tensor, dy)) as tf.Scalar, variables);
    return [y, dx, ...variables.map(({ name }) => grads[name]!)].map((tensor) => Array.from(tensor.dataSync()));
  };
  const conv = (options: object) => () =>
    tf.layers.conv2d({ filters: 5, kernelSize: 3, activation: 'relu', ...options });

  it.each<[name: string, make: () => tf.layers.Layer, shape: number[]]>([
    ['conv2d same', conv({ padding: 'same' }), [2, 6, 7, 3]],
    ['conv2d valid, stride 2', conv({ strides: 2 }), [2, 7, 7, 3]],
    ['conv2d with dilation', conv({ dilationRate: 2, padding: 'same' }), [1, 8, 8, 2]],
    ['conv2d without bias', conv({ useBias: false }), [1, 5, 5, 2]],
    ['conv2d linear', conv({ activation: 'linear' }), [1, 5, 5, 2]],
    ['conv1d', () => tf.layers.conv1d({ filters: 3, kernelSize: 2, activation: 'relu' }), [2, 6, 3]],
    ['dense', () => tf.layers.dense({ units: 6, activation: 'relu' }), [4, 3]],
    ['dense on sequences', () => tf.layers.dense({ units: 6, activation: 'relu' }), [2, 4, 3]],
    ['dense with tanh', () => tf.layers.dense({ units: 6, activation: 'tanh' }), [4, 3]],
  ])('%s: as the stock layer', async (_name, make, shape) => {
    expectClose(await both(run(make, shape)), 1e-4);
  });
});

describe('sums and products that go to other operations', () => {
  it('equal plain loops', async () => {
    const x = tf.tensor(wave(2 * 3 * 4 * 5, 1), [2, 3, 4, 5]);
    const values = x.dataSync();
    const got = tf.sum(x, [0, 1, 2]).dataSync();
    for (let c = 0; c < 5; c++) {
      let sum = 0;
      for (let i = c; i < values.length; i += 5) sum += values[i]!;
      expect(got[c]).toBeCloseTo(sum, 4);
    }
    expect(tf.sum(x, [0, 1, 2], true).shape).toEqual([1, 1, 1, 5]);
    expect(tf.sum(tf.zeros([0, 3]), 0).dataSync()).toEqual(Float32Array.of(0, 0, 0));
    expect(tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0).dtype).toBe('int32');
    expect(Array.from(tf.matMul(tf.ones([0, 3]), tf.ones([3, 2])).shape)).toEqual([0, 2]);
  });
});
