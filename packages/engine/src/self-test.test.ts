import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { SelfTestError } from './errors.js';
import { selfTest } from './self-test.js';
import { useEngine } from './use-engine.js';

/** Puts another kernel in the place of the backend's own; `restore` undoes it. */
let restore = () => {};

function replaceKernel(name: string, change: (output: tf.Tensor) => tf.Tensor): void {
  const backendName = tf.getBackend();
  const stock = tf.getKernel(name, backendName);
  tf.unregisterKernel(name, backendName);
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) =>
      tf.tidy(() => change(tf.engine().makeTensorFromTensorInfo(stock.kernelFunc(call) as tf.TensorInfo))),
  });
  restore = () => {
    tf.unregisterKernel(name, backendName);
    tf.registerKernel(stock);
  };
}

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

afterEach(() => {
  restore();
  restore = () => {};
});

describe('selfTest', () => {
  it('passes on the engine that runs, and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    expect(await selfTest()).toBeLessThan(1e-5);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('finds a backend that returns zeros', async () => {
    replaceKernel('Conv2D', (y) => tf.zerosLike(y));
    await expect(selfTest()).rejects.toThrow(SelfTestError);
  });

  it('finds a wrong gradient behind a right loss', async () => {
    replaceKernel('Conv2DBackpropFilter', (y) => tf.mul(y, 1.01));
    await expect(selfTest()).rejects.toThrow(/gradient|of the filter/);
  });

  it('finds NaN', async () => {
    replaceKernel('Conv2D', (y) => tf.fill(y.shape, Number.NaN));
    await expect(selfTest()).rejects.toThrow(SelfTestError);
  });
});
