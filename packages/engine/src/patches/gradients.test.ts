import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../use-engine.js';
import { applyPatches, enginePatches, removePatches } from './apply.js';

beforeAll(async () => {
  await useEngine({ log: () => {} });
});
beforeEach(() => applyPatches(enginePatches));
afterAll(() => applyPatches(enginePatches));

/** Values and gradients of f, as numbers, with the patch and without. */
function both(f: (...xs: tf.Tensor[]) => tf.Tensor, xs: number[][]): [patched: number[][], stock: number[][]] {
  const run = () => {
    const inputs = xs.map((values) => tf.tensor1d(values));
    const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) => f(...args))(inputs);
    const read = [value, ...grads].map((tensor) => Array.from(tensor.dataSync()));
    tf.dispose([inputs, value, grads]);
    return read;
  };
  const patched = run();
  removePatches();
  return [patched, run()];
}

const passOn = tf.customGrad((x) => ({ value: tf.mul(x as tf.Tensor, 1), gradFunc: (dy) => dy }));

function alsoUnused(a?: tf.Tensor, b?: tf.Tensor): tf.Tensor {
  tf.square(tf.exp(a!));
  return tf.sum(tf.mul(a!, b!));
}

/** The second derivative of e^(x·tanh x). */
function numerically(x: number): number {
  const f = (t: number) => Math.exp(t * Math.tanh(t));
  const h = 1e-4;
  return (f(x + h) - 2 * f(x) + f(x - h)) / h ** 2;
}

describe('gradients', () => {
  it.each<[name: string, f: (...xs: tf.Tensor[]) => tf.Tensor]>([
    ['a tensor used twice', (a, b) => tf.sum(tf.mul(tf.add(a!, a!), tf.mul(a!, b!)))],
    ['a gradient handed on as it is', (a, b) => tf.sum(tf.add(passOn(a!), tf.mul(passOn(a!), b!)))],
    ['a tensor that leads nowhere', alsoUnused],
    ['one input beside the other', (a, b) => tf.sum(tf.concat([tf.slice(a!, 1), tf.square(b!), a!]))],
    ['a long chain', (a, b) => tf.sum(Array.from({ length: 20 }).reduce((x: tf.Tensor) => tf.sin(tf.mul(x, b!)), a!))],
  ])('%s: as the stock backward pass', (_name, f) => {
    const [patched, stock] = both(f, [
      [0.3, -1.2, 2],
      [1.5, 0.4, -0.7],
    ]);
    expect(patched).toEqual(stock);
  });

  it('frees on its way what later operations do not need', () => {
    const counts: number[] = [];
    const probe = tf.customGrad((x) => ({
      value: tf.mul(x as tf.Tensor, 1),
      gradFunc: (dy) => {
        counts.push(tf.memory().numTensors);
        return tf.mul(dy, 1);
      },
    }));
    const gradient = tf.grad((x) => {
      let y = probe(x);
      for (let i = 0; i < 30; i++) y = tf.sin(y);
      return tf.sum(probe(y));
    });
    gradient(tf.tensor1d([1, 2])).dispose();
    const [atEnd, atStart] = counts as [number, number];
    // Going back through thirty operations ends with fewer tensors than it began with; the stock pass adds one or two for each.
    expect(atStart).toBeLessThan(atEnd);
    removePatches();
    gradient(tf.tensor1d([1, 2])).dispose();
    expect(counts[3]!).toBeGreaterThan(counts[2]! + 20);
  });

  it('leaves alone what belongs to the user, and leaves nothing behind', () => {
    const [x, dy, mine] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4]), tf.tensor1d([5, 6])];
    const f = tf.customGrad((input, save) => {
      (save as tf.GradSaveFunc)([input as tf.Tensor]);
      return { value: tf.square(input as tf.Tensor), gradFunc: () => mine };
    });
    const run = () => {
      const gradient = tf.grad((input) => tf.mul(f(input), 2))(x, dy);
      const values = Array.from(gradient.dataSync());
      if (gradient !== mine) gradient.dispose();
      return values;
    };
    run();
    const before = tf.memory().numTensors;
    expect(run()).toEqual([5, 6]);
    expect(tf.memory().numTensors).toBe(before);
    expect([x, dy, mine].map((each) => each.isDisposed)).toEqual([false, false, false]);
    tf.dispose([x, dy, mine]);
  });

  it('hands on a saved tensor that is the gradient', () => {
    const f = tf.customGrad((input, save) => {
      (save as tf.GradSaveFunc)([input as tf.Tensor]);
      return { value: tf.square(input as tf.Tensor), gradFunc: (_dy, saved) => saved[0]! };
    });
    const gradient = tf.grad((x) => f(tf.mul(x, 3)))(tf.tensor1d([1, 2]));
    expect(Array.from(gradient.dataSync())).toEqual([9, 18]);
  });

  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  it.each<[name: string, f: (x: tf.Tensor) => tf.Tensor, second: (x: number) => number]>([
    ['x³', (x) => tf.mul(tf.square(x), x), (x) => 6 * x],
    // Out of a saved output: stock TensorFlow.js loses these.
    ['exp', (x) => tf.exp(x), (x) => Math.exp(x)],
    ['tanh', (x) => tf.tanh(x), (x) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
    ['sigmoid', (x) => tf.sigmoid(x), (x) => sigmoid(x) * (1 - sigmoid(x)) * (1 - 2 * sigmoid(x))],
    ['exp of tanh', (x) => tf.exp(tf.mul(tf.tanh(x), x)), numerically],
  ])('has the second derivative of %s', (_name, f, second) => {
    const points = [-0.8, 0.3, 1.1];
    const got = tf
      .grad((x) => tf.grad((y) => f(y))(x))(tf.tensor1d(points))
      .dataSync();
    for (const [i, x] of points.entries()) expect(got[i]).toBeCloseTo(second(x), 4);
  });

  it.each<[name: string, run: () => unknown, message: RegExp]>([
    ['no way from x to y', () => tf.grad(() => tf.scalar(1))(tf.scalar(2)), /Cannot compute gradient of y=f\(x\)/],
    [
      'a value that is no tensor',
      () => tf.grad(() => 3 as never)(tf.scalar(2)),
      /must (be|return) a( scalar)? tensor/i,
    ],
    ['an operation without gradient', () => tf.grad((x) => tf.topk(x, 1).values)(tf.tensor1d([1, 2])), /TopK/],
    [
      'a gradient of another shape',
      () =>
        tf.grad((x) =>
          tf.sum(tf.customGrad((y) => ({ value: tf.mul(y as tf.Tensor, 1), gradFunc: () => tf.zeros([5]) }))(x)),
        )(tf.tensor1d([1, 2])),
      /shape '5', which does not match/,
    ],
  ])('says what is wrong with %s, and goes on after it', (_name, run, message) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => expect(run).toThrow(message));
    expect(tf.memory().numTensors).toBe(before);
    const gradient = tf.tidy(() => tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([1, 2])));
    expect(Array.from(gradient.dataSync())).toEqual([2, 4]);
    gradient.dispose();
  });
});
