import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectNoLeak, normalTensor, weightValues } from '../../../test/tensors.js';
import { resNet } from '../../nn/backbones/res-net.js';
import { wideResNet } from '../../nn/backbones/wide-res-net.js';
import type { ModelFactory } from '../../nn/model-factory.js';
import { DtypeConversionError, WeightNamesError } from '../errors.js';
import { decodeSafetensors, type StoredTensor } from '../safetensors/decode.js';
import { type ModuleNames, resNetModules, wideResNetModules } from './modules.js';
import { loadStateDict, stateDictOf } from './state-dict.js';
import { transpose } from './transpose.js';

const fixture = (name: string) =>
  decodeSafetensors(readFileSync(join(__dirname, '../../../fixtures/weights', `${name}.safetensors`))).tensors;

/** PyTorch's images [B, C, H, W] as ours. */
function imagesOf({ data, shape }: StoredTensor): tf.Tensor {
  return tf.tidy(() => tf.transpose(tf.tensor(data as Float32Array, shape as number[]), [0, 2, 3, 1]));
}

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

const networks: [string, ModelFactory, ModuleNames, number, number][] = [
  ['resnet18-8', resNet({ depth: 18, stem: 'cifar', width: 8 }), resNetModules, 32, 10],
  ['resnet18-4-imagenet', resNet({ depth: 18, width: 4 }), resNetModules, 45, 5],
  ['resnet50-2', resNet({ depth: 50, stem: 'cifar', width: 2 }), resNetModules, 16, 4],
  ['wrn-16-1', wideResNet({ depth: 16, width: 1 }), wideResNetModules, 32, 10],
];

describe.each(networks)('%s', (name, makeModel, modules, side, classes) => {
  const context = { seed: 1, inputShape: [side, side, 3], classes };

  it("gives PyTorch's logits with PyTorch's weights", async () => {
    const { images, logits } = Object.fromEntries(fixture(`${name}.logits`)) as Record<string, StoredTensor>;
    await expectNoLeak(() => {
      const model = makeModel(context);
      expect(loadStateDict(model, fixture(name), { modules })).toEqual({ missing: [], unexpected: [] });
      const x = imagesOf(images!);
      const got = tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync());
      const expected = logits!.data as Float32Array;
      const scale = Math.max(1, ...expected.map(Math.abs));
      const error = Math.max(...expected.map((value, i) => Math.abs(value - got[i]!)));
      expect(got).toHaveLength(expected.length);
      expect(error / scale).toBeLessThan(1e-4);
      // Two images give two answers, so the images matter.
      const [first, second] = [got.slice(0, classes), got.slice(classes)];
      expect(Math.max(...first.map((value, i) => Math.abs(value - second[i]!)))).toBeGreaterThan(0.02 * scale);
      tf.dispose(x);
      model.dispose();
    });
  });

  it('gives back the state dict that it was given', async () => {
    await expectNoLeak(async () => {
      const model = makeModel(context);
      const given = fixture(name);
      loadStateDict(model, given, { modules });
      const written = await stateDictOf(model, modules);
      const names = [...given.keys()].filter((key) => !key.endsWith('num_batches_tracked'));
      expect([...written.keys()].sort()).toEqual(names.sort());
      for (const key of names) {
        const { shape, data } = given.get(key)!;
        expect(written.get(key)).toEqual({ dtype: 'F32', shape, data: Float32Array.from(data as Float32Array) });
      }
      model.dispose();
    });
  });
});

describe('transpose', () => {
  it('moves every value where its index goes', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    const cases = shapes.chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.shuffledSubarray(
          shape.map((_, axis) => axis),
          { minLength: shape.length },
        ),
      ),
    );
    fc.assert(
      fc.property(cases, ([shape, axes]) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const data = Float64Array.from({ length: count }, (_, i) => i);
        const result = transpose(data, shape, axes);
        const sizes = axes.map((axis) => shape[axis]!);
        for (let to = 0; to < count; to++) {
          const index = shape.map(() => 0);
          let rest = to;
          for (let axis = axes.length - 1; axis >= 0; axis--) {
            index[axes[axis]!] = rest % sizes[axis]!;
            rest = Math.floor(rest / sizes[axis]!);
          }
          expect(result[to]).toBe(index.reduce((at, i, axis) => at * shape[axis]! + i, 0));
        }
      }),
    );
  });
});

/** One layer of each kind with asymmetric sizes, and its values in PyTorch's layout by plain indices. */
describe('layouts of single layers', () => {
  const sequence = (count: number) => Float32Array.from({ length: count }, (_, i) => i + 1);
  const layers: [string, tf.layers.Layer, number[], number[], (index: number[]) => number[]][] = [
    [
      'conv1d',
      tf.layers.conv1d({ filters: 3, kernelSize: 2, name: 'a' }),
      [5, 4],
      [3, 4, 2],
      ([k, i, o]) => [o!, i!, k!],
    ],
    [
      'conv2d',
      tf.layers.conv2d({ filters: 3, kernelSize: [2, 5], name: 'a' }),
      [6, 6, 4],
      [3, 4, 2, 5],
      ([h, w, i, o]) => [o!, i!, h!, w!],
    ],
    [
      'conv3d',
      tf.layers.conv3d({ filters: 3, kernelSize: [1, 2, 5], name: 'a' }),
      [6, 6, 6, 4],
      [3, 4, 1, 2, 5],
      ([d, h, w, i, o]) => [o!, i!, d!, h!, w!],
    ],
    [
      'conv2dTranspose',
      tf.layers.conv2dTranspose({ filters: 3, kernelSize: [2, 5], name: 'a' }),
      [6, 6, 4],
      [4, 3, 2, 5],
      ([h, w, o, i]) => [i!, o!, h!, w!],
    ],
    ['dense', tf.layers.dense({ units: 3, name: 'a' }), [4], [3, 4], ([i, o]) => [o!, i!]],
    [
      'depthwiseConv2d',
      tf.layers.depthwiseConv2d({ kernelSize: [2, 5], depthMultiplier: 3, name: 'a' }),
      [6, 6, 4],
      [12, 1, 2, 5],
      ([h, w, c, m]) => [3 * c! + m!, 0, h!, w!],
    ],
    ['embedding', tf.layers.embedding({ inputDim: 7, outputDim: 3, name: 'a' }), [4], [7, 3], (index) => index],
  ];

  it.each(layers)('%s', async (_kind, layer, inputShape, shape, torchIndex) => {
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape }), layer] });
    const count = shape.reduce((a, b) => a * b, 1);
    const stateDict = new Map<string, StoredTensor>([['m.weight', { dtype: 'F32', shape, data: sequence(count) }]]);
    const bias = layer.weights[1];
    const biases = bias ? (bias.shape[0] as number) : 0;
    if (bias) stateDict.set('m.bias', { dtype: 'F32', shape: [biases], data: sequence(biases) });
    loadStateDict(model, stateDict, { modules: { a: 'm' } });
    const kernel = layer.weights[0]!;
    const values = kernel.read().dataSync();
    const sizes = kernel.shape as number[];
    values.forEach((value, at) => {
      const index = [...sizes]
        .reverse()
        .reduce<{ index: number[]; rest: number }>(
          ({ index, rest }, size) => ({ index: [rest % size, ...index], rest: Math.floor(rest / size) }),
          { index: [], rest: at },
        ).index;
      const torchAt = torchIndex(index).reduce((sum, i, axis) => sum * shape[axis]! + i, 0);
      expect(value).toBe(torchAt + 1);
    });
    if (bias) expect(Array.from(bias.read().dataSync())).toEqual(Array.from(sequence(biases)));
    expect(await stateDictOf(model, { a: 'm' })).toEqual(stateDict);
    model.dispose();
  });
});

describe('loadStateDict', () => {
  const make = () => wideResNet({ depth: 10, width: 1 })({ seed: 1, inputShape: [8, 8, 3], classes: 2 });

  it("lists what does not fit in PyTorch's terms, and leaves the model as it was", async () => {
    const model = make();
    const stateDict = await stateDictOf(model, wideResNetModules);
    const before = weightValues(model);
    stateDict.set('fc.weight', { dtype: 'F32', shape: [64, 2], data: new Float32Array(128) });
    stateDict.delete('bn1.running_var');
    stateDict.set('bn9.running_var', { dtype: 'F32', shape: [1], data: new Float32Array(1) });
    stateDict.set('conv1.weight', { dtype: 'F32', shape: [16, 3, 3, 3], data: new Float32Array(432) });
    const error = thrownBy(() => loadStateDict(model, stateDict, { modules: wideResNetModules })) as WeightNamesError;
    expect(error).toBeInstanceOf(WeightNamesError);
    expect(error.missing).toEqual(['bn1.running_var']);
    expect(error.unexpected).toEqual(['bn9.running_var']);
    expect(error.wrongShape).toEqual([{ name: 'fc.weight', expected: [2, 64], actual: [64, 2] }]);
    expect(error.message).toContain('fc.weight [64, 2] instead of [2, 64]');
    expect(weightValues(model)).toEqual(before);

    stateDict.delete('fc.weight');
    expect(loadStateDict(model, stateDict, { modules: wideResNetModules, strict: false })).toEqual({
      missing: ['bn1.running_var', 'fc.weight'],
      unexpected: ['bn9.running_var'],
    });
    expect(Array.from(model.getLayer('stem').getWeights()[0]!.dataSync()).every((value) => value === 0)).toBe(true);
    model.dispose();
  });

  it('refuses weights that are no floats', async () => {
    const model = make();
    const stateDict = await stateDictOf(model, wideResNetModules);
    stateDict.set('fc.bias', { dtype: 'I64', shape: [2], data: new BigInt64Array(2) });
    expect(() => loadStateDict(model, stateDict, { modules: wideResNetModules })).toThrow(DtypeConversionError);
    model.dispose();
  });

  it('names the layers that the map forgets', async () => {
    const model = make();
    const error = thrownBy(() => loadStateDict(model, new Map(), { modules: { stem: 'conv1' } })) as WeightNamesError;
    expect(error).toBeInstanceOf(WeightNamesError);
    expect(error.missing).toHaveLength(model.weights.length - 1);
    await expect(stateDictOf(model, resNetModules)).rejects.toBeInstanceOf(WeightNamesError);
    model.dispose();
  });

  it('finds the layers of nested models, and modules without a name', async () => {
    const inner = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], name: 'inside' })] });
    const model = tf.sequential({ layers: [inner, tf.layers.layerNormalization({ name: 'outside' })] });
    const stateDict = await stateDictOf(model, { inside: 'a.b', outside: '' });
    expect([...stateDict.keys()]).toEqual(['a.b.weight', 'a.b.bias', 'weight', 'bias']);
    model.dispose();
  });

  it('computes what PyTorch computes for a depthwise convolution, loop by loop', () => {
    const layer = tf.layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 2, useBias: false, name: 'a' });
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [3, 3, 2] }), layer] });
    const weight = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
    loadStateDict(model, new Map([['a.weight', { dtype: 'F32', shape: [4, 1, 2, 2], data: weight }]]), {
      modules: { a: 'a' },
    });
    const x = normalTensor([1, 3, 3, 2], createRng(1));
    const pixels = x.dataSync();
    const y = (model.predict(x) as tf.Tensor).dataSync();
    for (let row = 0; row < 2; row++) {
      for (let column = 0; column < 2; column++) {
        for (let out = 0; out < 4; out++) {
          let sum = 0;
          for (let i = 0; i < 4; i++) {
            const at = (row + (i >> 1)) * 3 + column + (i & 1);
            sum += weight[4 * out + i]! * pixels[2 * at + (out >> 1)]!;
          }
          expect(y[(2 * row + column) * 4 + out]).toBeCloseTo(sum, 5);
        }
      }
    }
    x.dispose();
    model.dispose();
  });
});
