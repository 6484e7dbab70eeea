import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../use-engine.js';
import { applyPatches, enginePatches, kernelPatches, removePatches } from './apply.js';

// On an engine without the native operations both sides are the stock ones, and the comparison is trivially true.
beforeAll(async () => {
  await useEngine({ log: () => {} });
});

const applyAll = () => applyPatches([...enginePatches, ...kernelPatches]);

afterAll(applyAll);

const wave = (size: number, phase: number) =>
  Array.from({ length: size }, (_, i) => Math.sin(i * i * 0.37 + i + phase));

/** Runs the same with the patches and without them. */
async function both(run: () => Promise<number[][]>): Promise<[patched: number[][], stock: number[][]]> {
  applyAll();
  const patched = await run();
  removePatches();
  const stock = await run();
  applyAll();
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
  ['sgd', () => tf.train.sgd(0.05)],
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

describe('layers with a bias', () => {
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
    ['conv2d without bias, linear', conv({ useBias: false, activation: 'linear' }), [2, 5, 5, 2]],
    ['conv2d linear', conv({ activation: 'linear' }), [1, 5, 5, 2]],
    ['conv1d', () => tf.layers.conv1d({ filters: 3, kernelSize: 2, activation: 'relu' }), [2, 6, 3]],
    ['dense', () => tf.layers.dense({ units: 6, activation: 'relu' }), [4, 3]],
    ['dense linear', () => tf.layers.dense({ units: 6 }), [4, 3]],
    ['dense on sequences', () => tf.layers.dense({ units: 6, activation: 'relu' }), [2, 4, 3]],
    ['dense with tanh', () => tf.layers.dense({ units: 6, activation: 'tanh' }), [4, 3]],
  ])('%s: as the stock layer', async (_name, make, shape) => {
    expectClose(await both(run(make, shape)), 1e-4);
  });

  it('the first layer computes no gradient of its input', () => {
    const layer = tf.layers.conv2d({ filters: 2, kernelSize: 3, useBias: false });
    const x = tf.ones([1, 5, 5, 1]);
    layer.apply(x);
    const run = jest.spyOn(tf.engine(), 'runKernel');
    tf.variableGrads(
      () => tf.sum(layer.apply(x) as tf.Tensor) as tf.Scalar,
      layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
    );
    const names = run.mock.calls.map(([name]) => name);
    run.mockRestore();
    expect(names).toContain(tf.Conv2DBackpropFilter);
    expect(names).not.toContain(tf.Conv2DBackpropInput);
  });
});

describe('losses', () => {
  const [examples, classes] = [7, 5];
  const one = (labels: tf.Tensor, logits: tf.Tensor, loss: (labels: tf.Tensor, logits: tf.Tensor) => tf.Tensor) => {
    const { value, grad } = tf.valueAndGrad((x) => loss(labels, x))(logits, undefined);
    return [value, grad].map((tensor) => Array.from(tensor.dataSync()));
  };
  const labels = () => tf.oneHot(tf.tensor1d([0, 4, 2, 2, 1, 3, 0], 'int32'), classes);
  const logits = () => tf.tensor2d(wave(examples * classes, 8), [examples, classes]).mul(20) as tf.Tensor2D;
  const weights = () => tf.tensor1d([1, 0, 2, 0.5, 1, 0, 3]);
  const { MEAN, SUM, NONE } = tf.Reduction;

  it.each<[name: string, loss: (labels: tf.Tensor, logits: tf.Tensor) => tf.Tensor]>([
    ['softmax', (t, x) => tf.losses.softmaxCrossEntropy(t, x)],
    ['softmax, float labels', (t, x) => tf.losses.softmaxCrossEntropy(tf.cast(t, 'float32'), x)],
    ['softmax, smoothed and weighted', (t, x) => tf.losses.softmaxCrossEntropy(t, x, weights(), 0.2)],
    ['softmax, mean', (t, x) => tf.losses.softmaxCrossEntropy(t, x, weights(), 0, MEAN)],
    ['softmax, mean without weights', (t, x) => tf.losses.softmaxCrossEntropy(t, x, undefined, 0, MEAN)],
    ['softmax, each', (t, x) => tf.losses.softmaxCrossEntropy(t, x, undefined, 0, NONE)],
    ['sigmoid', (t, x) => tf.losses.sigmoidCrossEntropy(t, x)],
    ['sigmoid, mean, weighted', (t, x) => tf.losses.sigmoidCrossEntropy(t, x, tf.ones([7, 1]), 0, MEAN)],
    ['sigmoid, smoothed, summed', (t, x) => tf.losses.sigmoidCrossEntropy(t, x, undefined, 0.1, SUM)],
  ])('%s: as the stock loss, logits up to ±20', async (_name, loss) => {
    expectClose(await both(async () => one(labels(), logits(), loss)), 1e-5);
  });

  it('refuses shapes that differ as the stock loss does', () => {
    expect(() => tf.losses.softmaxCrossEntropy(tf.ones([2, 3]), tf.ones([2, 4]))).toThrow(/softmaxCrossEntropy/);
  });

  it('has the gradient that the definition has where labels do not sum to 1', () => {
    const [x, t] = [logits(), tf.mul(tf.cast(labels(), 'float32'), 0.7)];
    const got = tf.grad((each) => tf.losses.softmaxCrossEntropy(t, each))(x);
    const wanted = tf.div(tf.sub(tf.mul(tf.softmax(x), 0.7), t), examples);
    // The stock one leaves out Σ t.
    expect(tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]).toBeLessThan(1e-6);
  });

  it('has the gradient of labels that the definition has', () => {
    const [x, t] = [logits(), tf.tensor2d(wave(examples * classes, 9), [examples, classes])];
    const got = tf.grad((each) => tf.losses.softmaxCrossEntropy(each, x))(t);
    const wanted = tf.div(tf.neg(tf.logSoftmax(x)), examples);
    expect(tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]).toBeLessThan(1e-5);
    const gradient = tf.grad((each) => tf.losses.sigmoidCrossEntropy(each, x))(t);
    expect(tf.max(tf.abs(tf.add(gradient, tf.div(x, x.size)))).dataSync()[0]).toBeLessThan(1e-6);
  });

  it('stays differentiable twice', () => {
    const second = tf.grad((x) => tf.grad((u) => tf.losses.sigmoidCrossEntropy(tf.tensor1d([1]), u))(x))(
      tf.tensor1d([0.5]),
    );
    const s = 1 / (1 + Math.exp(-0.5));
    expect(second.dataSync()[0]).toBeCloseTo(s * (1 - s), 5);
  });
});

describe('dropout', () => {
  const x = () => tf.ones([100, 1000]);
  const drop = (layer: tf.layers.Layer) => layer.apply(x(), { training: true }) as tf.Tensor;

  it('drops the share that it is to drop, scales the rest, and draws anew each time', () => {
    const layer = tf.layers.dropout({ rate: 0.3 });
    const values = drop(layer).dataSync();
    const kept = values.filter((value) => value > 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / Math.fround(0.7))]));
    // Four standard deviations of a share of 100,000.
    expect(Math.abs(kept.length / 1e5 - 0.7)).toBeLessThan(0.006);
    // Neighbours are dropped together as often as chance has it.
    let pairs = 0;
    for (let i = 1; i < values.length; i++) if (values[i] === 0 && values[i - 1] === 0) pairs += 1;
    expect(Math.abs(pairs / 1e5 - 0.09)).toBeLessThan(0.005);
    expect(Array.from(drop(layer).dataSync())).not.toEqual(Array.from(values));
  });

  it('lets the gradient through where it kept the value', () => {
    const layer = tf.layers.dropout({ rate: 0.5 });
    const { value, grad } = tf.valueAndGrad((t) => layer.apply(t, { training: true }) as tf.Tensor)(x());
    expect(Array.from(grad.dataSync())).toEqual(Array.from(value.dataSync()));
  });

  it('is nothing without training, and stays stock with a seed', async () => {
    const layer = tf.layers.dropout({ rate: 0.5, seed: 3 });
    const [patched, stock] = await both(async () => [Array.from(drop(layer).dataSync())]);
    expect(patched).toEqual(stock);
    expect(tf.min(layer.apply(x()) as tf.Tensor).dataSync()[0]).toBe(1);
  });
});

describe('prelu', () => {
  it.each<[alpha: number[]]>([[[5]], [[1, 1, 5]], [[3, 4, 5]], [[1]], [[3, 1, 1]]])(
    'alpha of shape %j: equals plain loops, value and gradients',
    (shape) => {
      const x = tf.tensor(wave(2 * 3 * 4 * 5, 1), [2, 3, 4, 5]);
      const alpha = tf.tensor(wave(tf.util.sizeFromShape(shape), 2), shape);
      const dy = tf.tensor(wave(x.size, 3), x.shape);
      const { value, grads } = tf.valueAndGrads((t: tf.Tensor, a: tf.Tensor) => tf.prelu(t, a))([x, alpha], dy);
      const full = tf.broadcastTo(alpha, x.shape).dataSync();
      const [xs, dys] = [x.dataSync(), dy.dataSync()];
      xs.forEach((v, i) => {
        expect(value.dataSync()[i]).toBeCloseTo(v > 0 ? v : full[i]! * v, 6);
        expect(grads[0]!.dataSync()[i]).toBeCloseTo(v > 0 ? dys[i]! : full[i]! * dys[i]!, 6);
      });
      const share = tf.mul(dy, tf.where(tf.greater(x, 0), tf.zerosLike(x), x));
      const padded = [...Array.from({ length: 4 - shape.length }, () => 1), ...shape];
      const wanted = tf.sum(
        share,
        padded.flatMap((size, axis) => (size === 1 && x.shape[axis] !== 1 ? [axis] : [])),
      );
      grads[1]!.dataSync().forEach((v, i) => {
        expect(v).toBeCloseTo(wanted.dataSync()[i]!, 4);
      });
    },
  );
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
