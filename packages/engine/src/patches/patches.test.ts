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
