import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { expectNoLeak, weightValues } from '../../test/tensors.js';
import { mlp } from '../nn/backbones/mlp.js';
import { wideResNet } from '../nn/backbones/wide-res-net.js';
import { DtypeConversionError, WeightNamesError } from './errors.js';
import { setWeights, weightsOf } from './named-weights.js';
import { decodeSafetensors, type StoredTensor } from './safetensors/decode.js';
import { encodeSafetensors } from './safetensors/encode.js';

const make = (seed: number) => mlp({ hidden: [3] })({ seed, inputShape: [2], classes: 2 });
const f32 = (shape: number[], ...values: number[]): StoredTensor => ({
  dtype: 'F32',
  shape,
  data: Float32Array.from(values),
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('weightsOf', () => {
  it('names weights as their layers do, whatever else the process holds', async () => {
    await expectNoLeak(async () => {
      const models = [make(1), make(2)];
      for (const model of models) {
        const weights = await weightsOf(model);
        expect([...weights.keys()]).toEqual(['dense-1/kernel', 'dense-1/bias', 'logits/kernel', 'logits/bias']);
        expect(weights.get('dense-1/kernel')).toMatchObject({ dtype: 'F32', shape: [2, 3] });
        expect([...weights.values()].map(({ data }) => Array.from(data as Float32Array))).toEqual(weightValues(model));
        model.dispose();
      }
    });
  });

  it('gives copies', async () => {
    const model = make(1);
    const before = weightValues(model);
    for (const { data } of (await weightsOf(model)).values()) data.fill(7 as never);
    expect(weightValues(model)).toEqual(before);
    model.dispose();
  });

  it('takes variables of any dtype', async () => {
    const weights = [
      tf.variable(tf.tensor1d([1, -2], 'int32'), true, 'steps'),
      tf.variable(tf.tensor1d([true, false], 'bool'), true, 'mask'),
    ];
    const named = await weightsOf({ weights });
    expect(Object.fromEntries(named)).toEqual({
      steps: { dtype: 'I32', shape: [2], data: Int32Array.of(1, -2) },
      mask: { dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) },
    });
    named.set('steps', { dtype: 'I64', shape: [2], data: BigInt64Array.of(5n, -6n) });
    named.set('mask', { dtype: 'BOOL', shape: [2], data: Uint8Array.of(0, 1) });
    setWeights({ weights }, named);
    expect(weights.map((weight) => Array.from(weight.dataSync()))).toEqual([
      [5, -6],
      [0, 1],
    ]);
    named.set('steps', { dtype: 'I64', shape: [2], data: BigInt64Array.of(5n, 2n ** 31n) });
    expect(() => setWeights({ weights }, named)).toThrow(DtypeConversionError);
    tf.dispose(weights);
  });

  it('refuses two weights of one name', async () => {
    const weight = tf.variable(tf.scalar(1), true, 'twice');
    await expect(weightsOf({ weights: [weight, weight] })).rejects.toBeInstanceOf(WeightNamesError);
    weight.dispose();
  });
});

describe('setWeights', () => {
  it('moves all weights of a model into another one, through a file', async () => {
    const factory = wideResNet({ depth: 10, width: 1 });
    const [from, to] = [1, 2].map((seed) => factory({ seed, inputShape: [8, 8, 3], classes: 2 })) as [
      tf.LayersModel,
      tf.LayersModel,
    ];
    tf.tidy(() => void from.apply(tf.randomNormal([4, 8, 8, 3], 0, 1, 'float32', 1), { training: true }));
    const file = encodeSafetensors(await weightsOf(from));
    await expectNoLeak(() => {
      expect(setWeights(to, decodeSafetensors(file).tensors)).toEqual({ missing: [], unexpected: [] });
    });
    expect(weightValues(to)).toEqual(weightValues(from));
    // The file's memory is not the model's.
    const before = weightValues(to);
    file.fill(0);
    expect(weightValues(to)).toEqual(before);
    from.dispose();
    to.dispose();
  });

  it('lists what is missing, unexpected and of another shape, and sets nothing', () => {
    const model = make(1);
    const before = weightValues(model);
    const many = Array.from({ length: 7 }, (_, i): [string, StoredTensor] => [`extra-${i}`, f32([1], 1)]);
    const error = thrownBy(() =>
      setWeights(model, new Map([['dense-1/bias', f32([3], 1, 2, 3)], ['logits/bias', f32([3], 1, 2, 3)], ...many])),
    ) as WeightNamesError;
    expect(error).toBeInstanceOf(WeightNamesError);
    expect(error.missing).toEqual(['dense-1/kernel', 'logits/kernel']);
    expect(error.unexpected).toHaveLength(7);
    expect(error.wrongShape).toEqual([{ name: 'logits/bias', expected: [2], actual: [3] }]);
    expect(error.message).toBe(
      'the weights do not fit the model; missing: dense-1/kernel, logits/kernel; ' +
        'unexpected: extra-0, extra-1, extra-2, extra-3, extra-4, … (7 in all); ' +
        'of another shape: logits/bias [3] instead of [2]; make the model as it was when the weights were saved',
    );
    expect(weightValues(model)).toEqual(before);
    model.dispose();
  });

  it('sets what fits when it is not strict, but never another shape', () => {
    const model = make(1);
    const before = weightValues(model);
    const weights = new Map([
      ['dense-1/bias', f32([3], 1, 2, 3)],
      ['extra', f32([1], 1)],
    ]);
    expect(() => setWeights(model, weights)).toThrow(WeightNamesError);
    expect(weightValues(model)).toEqual(before);
    expect(setWeights(model, weights, { strict: false })).toEqual({
      missing: ['dense-1/kernel', 'logits/kernel', 'logits/bias'],
      unexpected: ['extra'],
    });
    expect(weightValues(model)).toEqual([before[0], [1, 2, 3], before[2], before[3]]);
    weights.set('dense-1/bias', f32([1, 3], 1, 2, 3));
    expect(() => setWeights(model, weights, { strict: false })).toThrow(WeightNamesError);
    model.dispose();
  });

  it('renames by an object or a function', () => {
    const model = make(1);
    const weights = (bias: string) =>
      new Map([
        ['dense-1/kernel', f32([2, 3], 1, 2, 3, 4, 5, 6)],
        ['dense-1/bias', f32([3], 1, 2, 3)],
        ['logits/kernel', f32([3, 2], 1, 2, 3, 4, 5, 6)],
        [bias, f32([2], 8, 9)],
      ]);
    setWeights(model, weights('b'), { nameMap: { 'logits/bias': 'b' } });
    expect(weightValues(model)[3]).toEqual([8, 9]);
    setWeights(model, weights('LOGITS/bias'), { nameMap: (name) => name.replace('logits/b', 'LOGITS/b') });
    expect(() => setWeights(model, weights('b'), { nameMap: {} })).toThrow('missing: logits/bias; unexpected: b');
    model.dispose();
  });

  it('takes floats of any width and refuses other numbers, before it sets anything', () => {
    const model = mlp({ hidden: [] })({ seed: 1, inputShape: [1], classes: 1 });
    const set = (tensor: StoredTensor) =>
      setWeights(
        model,
        new Map([
          ['logits/kernel', f32([1, 1], 7)],
          ['logits/bias', tensor],
        ]),
      );
    set({ dtype: 'F64', shape: [1], data: Float64Array.of(0.1) });
    expect(weightValues(model)[1]).toEqual([Math.fround(0.1)]);
    set({ dtype: 'BF16', shape: [1], data: Float32Array.of(2) });
    expect(weightValues(model)).toEqual([[7], [2]]);
    model.setWeights([tf.ones([1, 1]), tf.ones([1])]);
    const others: StoredTensor[] = [
      { dtype: 'I32', shape: [1], data: Int32Array.of(1) },
      { dtype: 'F8_E4M3', shape: [1], data: Uint8Array.of(1) },
      { dtype: 'BOOL', shape: [1], data: Uint8Array.of(1) },
    ];
    for (const tensor of others) expect(() => set(tensor)).toThrow(DtypeConversionError);
    expect(weightValues(model)).toEqual([[1], [1]]);
    model.dispose();
  });
});
