import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { leak, matrix, normals } from '../test/support.js';
import {
  BanError,
  cachedTeacherLogits,
  classify,
  EmptyBatchError,
  LogitsError,
  liveTeacherLogits,
  MissingInputError,
} from './index.js';

const images = normals(createRng(1), 4, 3);
const kernel = normals(createRng(2), 3, 5);
/** A function of the whole input, so that rows cannot be mixed up unseen. */
const linear = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, matrix(kernel));
const expected = images.map((row) => kernel[0]!.map((_, c) => row.reduce((sum, v, i) => sum + v * kernel[i]![c]!, 0)));

const isNear = (got: tf.Tensor, wanted: number[][]) => {
  expect(got.shape).toEqual([wanted.length, wanted[0]!.length]);
  const [values, flat] = [got.dataSync(), wanted.flat()];
  expect(Math.max(...flat.map((value, i) => Math.abs(value - values[i]!)))).toBeLessThan(1e-5);
};

describe('classify', () => {
  it('asks a model in inference mode, where dropout does nothing', () => {
    const dropout = tf.layers.dropout({ rate: 0.9, inputShape: [3] });
    const dense = tf.layers.dense({ units: 5, useBias: false });
    const model = tf.sequential({ layers: [dropout, dense] });
    tf.tidy(() => {
      model.setWeights([matrix(kernel)]);
      isNear(classify(model, matrix(images)), expected);
      isNear(classify(model, matrix(images)), expected);
    });
    model.dispose();
  });

  it('gives a tensor of the caller, also where a function keeps its own', async () => {
    const [x, kept] = [matrix(images), matrix(expected)];
    expect(await leak(() => classify(() => kept, x).dispose())).toBe(0);
    expect(await leak(() => classify(linear, x).dispose())).toBe(0);
    isNear(kept, expected);
    tf.dispose([x, kept]);
  });
});

describe('the teacher inside a training loop', () => {
  const batch = (indices: number[]) => ({
    x: matrix(indices.map((i) => images[i]!)),
    indices: Int32Array.from(indices),
  });

  it('says the same live and from what was stored, in the order of the batch', () => {
    tf.tidy(() => {
      const cached = cachedTeacherLogits(Float32Array.from(expected.flat()), 5);
      for (const indices of [
        [0, 1, 2, 3],
        [3, 0],
        [2, 2],
      ]) {
        const wanted = indices.map((i) => expected[i]!);
        isNear(liveTeacherLogits(linear)(batch(indices)), wanted);
        isNear(cached(batch(indices)), wanted);
      }
    });
  });

  it('sees the images of the batch live, not those that were stored', () => {
    tf.tidy(() => {
      const twice = { ...batch([0, 1]), x: matrix([images[0]!, images[1]!].map((row) => row.map((v) => 2 * v))) };
      const wanted = expected.slice(0, 2).map((row) => row.map((v) => 2 * v));
      isNear(liveTeacherLogits(linear)(twice), wanted);
      isNear(cachedTeacherLogits(Float32Array.from(expected.flat()), 5)(twice), expected.slice(0, 2));
    });
  });

  it('refuses stored logits that are no rows, and batches that it cannot look up', () => {
    const stored = Float32Array.from(expected.flat());
    expect(() => cachedTeacherLogits(stored, 3)).toThrow(LogitsError);
    const cached = cachedTeacherLogits(stored, 5);
    tf.tidy(() => {
      expect(() => cached({ x: matrix(images) })).toThrow(MissingInputError);
      for (const index of [-1, 4]) {
        expect(() => cached({ ...batch([0]), indices: Int32Array.of(index) })).toThrow(
          new LogitsError(`cached logits: expected an example 0 … 3, got ${index}`),
        );
      }
    });
  });
});

it('every error is a BanError that says its name and cause', () => {
  for (const Cause of [LogitsError, MissingInputError, EmptyBatchError]) {
    const error = new Cause('expected logits');
    expect(error).toBeInstanceOf(BanError);
    expect(String(error)).toBe(`${Cause.name}: expected logits`);
    expect(error.code).toMatch(/^ban\/[a-z-]+$/);
  }
});
