import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';

let hasKernel = false;

beforeAll(async () => {
  await useEngine({ log: () => {} });
  hasKernel = Boolean(tf.getKernel('TensorPapersBatchNorm', tf.getBackend()));
});

const [rows, channels, epsilon] = [37, 5, 1e-3];
const wave = (size: number, phase: number) =>
  Array.from({ length: size }, (_, i) => Math.sin(i * i * 0.37 + i + phase));
const xs = wave(rows * channels, 0).map((v) => 2 * v + 1);
const dys = wave(rows * channels, 1);
const scales = wave(channels, 2);
const offsets = wave(channels, 3);

/** y = relu(batch norm of x) and the gradients of Σ y·dy, in plain loops. */
function reference(relu: boolean) {
  const column = (values: readonly number[], c: number) => values.filter((_, i) => i % channels === c);
  const y = new Array<number>(xs.length);
  const dx = new Array<number>(xs.length);
  for (let c = 0; c < channels; c++) {
    const x = column(xs, c);
    const mean = x.reduce((a, b) => a + b) / rows;
    const sigma = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / rows + epsilon);
    const hat = x.map((v) => (v - mean) / sigma);
    const z = hat.map((v) => v * scales[c]! + offsets[c]!);
    const dz = column(dys, c).map((g, i) => (!relu || z[i]! > 0 ? g : 0));
    const sum = dz.reduce((a, b) => a + b);
    const product = dz.reduce((a, b, i) => a + b * hat[i]!, 0);
    for (let i = 0; i < rows; i++) {
      y[i * channels + c] = relu ? Math.max(0, z[i]!) : z[i]!;
      dx[i * channels + c] = (scales[c]! / sigma) * (dz[i]! - sum / rows - (hat[i]! * product) / rows);
    }
  }
  return { y, dx };
}

function makeLayer(): tf.layers.Layer {
  const layer = tf.layers.batchNormalization({ epsilon });
  layer.build([null, channels]);
  layer.setWeights([tf.tensor1d(scales), tf.tensor1d(offsets), tf.zeros([channels]), tf.ones([channels])]);
  return layer;
}

const normalize = (layer: tf.layers.Layer, x: tf.Tensor) => layer.apply(x, { training: true }) as tf.Tensor;
const makeX = () => tf.tensor2d(xs, [rows, channels]);

function expectClose(got: ArrayLike<number>, wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) expect(Math.abs(got[i]! - value)).toBeLessThan(1e-4);
}

describe('batch normalisation with ReLU after it', () => {
  it('equals plain loops, value and gradient', () => {
    const layer = makeLayer();
    const dy = tf.tensor2d(dys, [rows, channels]);
    const { value, grad } = tf.valueAndGrad((x) => tf.relu(normalize(layer, x)))(makeX(), dy);
    expectClose(value.dataSync(), reference(true).y);
    expectClose(grad.dataSync(), reference(true).dx);
  });

  it('is right where others read the normalised value, or the gradient between, as well', () => {
    const layer = makeLayer();
    const dy = tf.tensor2d(dys, [rows, channels]);
    // Both branches: dx is the gradient of relu plus the gradient without it.
    const gradient = tf.grad((x) => {
      const z = normalize(layer, x);
      return tf.add(tf.relu(z), tf.mul(z, 1));
    })(makeX(), dy);
    const [clipped, plain] = [reference(true).dx, reference(false).dx];
    expectClose(
      gradient.dataSync(),
      plain.map((v, i) => v + clipped[i]!),
    );
    // The gradient of relu's output is handed on to two operations.
    const twice = tf.grad((x) => {
      const y = tf.relu(normalize(layer, x));
      return tf.add(y, tf.mul(y, 2));
    })(makeX(), dy);
    expectClose(
      twice.dataSync(),
      clipped.map((v) => 3 * v),
    );
  });

  it('adds what else depends on its input', () => {
    const layer = makeLayer();
    const dy = tf.tensor2d(dys, [rows, channels]);
    const wanted = reference(true).dx.map((v, i) => v + 3 * dys[i]!);
    const before = tf.grad((x) => tf.add(tf.mul(x, 3), tf.relu(normalize(layer, x))))(makeX(), dy);
    expectClose(before.dataSync(), wanted);
    const after = tf.grad((x) => {
      const y = tf.relu(normalize(layer, x));
      return tf.add(y, tf.mul(x, 3));
    })(makeX(), dy);
    expectClose(after.dataSync(), wanted);
  });

  it('does not take the gradient of another ReLU for its own', () => {
    const [first, second] = [makeLayer(), makeLayer()];
    const dy = tf.tensor2d(dys, [rows, channels]);
    const x = makeX();
    // Two layers on one x: the masks are the same only because the weights are; shift the second one's.
    second.setWeights([
      tf.tensor1d(scales),
      tf.add(tf.tensor1d(offsets), 0.5),
      tf.zeros([channels]),
      tf.ones([channels]),
    ]);
    const apart = [first, second].map((layer) =>
      tf
        .grad((t) => tf.relu(normalize(layer, t)))(x, dy)
        .dataSync(),
    );
    const together = tf.grad((t) => tf.add(tf.relu(normalize(first, t)), tf.relu(normalize(second, t))))(x, dy);
    expectClose(
      together.dataSync(),
      Array.from(apart[0]!, (v, i) => v + apart[1]![i]!),
    );
  });

  it('has a value that is read late, after its input is gone', async () => {
    const layer = makeLayer();
    const x = makeX();
    const z = normalize(layer, x);
    x.dispose();
    expectClose(await z.data(), reference(false).y);
    const copy = z.clone();
    z.dispose();
    expectClose(copy.dataSync(), reference(false).y);
  });

  it('leaves nothing behind, read or not', () => {
    const layer = makeLayer();
    const x = makeX();
    const run = () => {
      normalize(layer, x).dispose();
      tf.tidy(() => tf.relu(normalize(layer, x)).dataSync());
      tf.tidy(() =>
        tf
          .grad((t) => tf.relu(normalize(layer, t)))(x)
          .dataSync(),
      );
      tf.tidy(() => {
        const own = tf.mul(x, 2);
        const z = normalize(layer, own);
        own.dispose();
        return z;
      }).dispose();
    };
    run();
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    const held = tf.backend().numDataIds();
    run();
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers, numBytes });
    expect(tf.backend().numDataIds()).toBe(held);
  });

  it('never writes the normalised value where only ReLU reads it', () => {
    if (!hasKernel) return;
    const layer = makeLayer();
    const computed: string[] = [];
    const node = tf.backend() as unknown as { executeSingleOutput(name: string, ...rest: unknown[]): tf.Tensor };
    const { executeSingleOutput } = node;
    node.executeSingleOutput = (name, ...rest) => {
      computed.push(name);
      return executeSingleOutput.call(node, name, ...rest);
    };
    try {
      tf.grad((x) => tf.relu(normalize(layer, x)))(makeX());
    } finally {
      node.executeSingleOutput = executeSingleOutput;
    }
    expect(computed.filter((name) => name === 'TensorPapersScaleShift')).toHaveLength(1);
    expect(computed).not.toContain('ReluGrad');
  });
});
