import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expectNoLeak } from '../../test/tensors.js';
import { clipByGlobalNorm } from './clip-by-global-norm.js';
import { TrainOptionError } from './errors.js';

/** The definition in plain numbers. */
function reference(gradients: readonly (readonly number[])[], maximum: number) {
  let squares = 0;
  for (const values of gradients) for (const value of values) squares += value * value;
  const norm = Math.sqrt(squares);
  const scale = norm > maximum ? maximum / norm : 1;
  return { norm, gradients: gradients.map((values) => values.map((value) => value * scale)) };
}

function clip(gradients: readonly (readonly number[])[], maximum: number) {
  const tensors = Object.fromEntries(gradients.map((values, i) => [`g${i}`, tf.tensor1d([...values])]));
  const clipped = clipByGlobalNorm(tensors, maximum);
  const read = {
    norm: clipped.norm.dataSync()[0]!,
    gradients: gradients.map((_, i) => Array.from(clipped.gradients[`g${i}`]!.dataSync())),
  };
  tf.dispose([tensors, clipped.gradients, clipped.norm]);
  return read;
}

describe('clipByGlobalNorm', () => {
  it('scales all gradients by one factor, by hand', () => {
    expect(clip([[3, 0], [4]], 1)).toEqual({
      norm: 5,
      gradients: [[Math.fround(0.6), 0], [Math.fround(0.8)]],
    });
    expect(clip([[3, 0], [4]], 5).gradients).toEqual([[3, 0], [4]]);
    expect(clip([[3, 0], [4]], 7).gradients).toEqual([[3, 0], [4]]);
  });

  it('follows the definition', () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true });
    const gradients = fc.array(fc.array(value, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(gradients, fc.double({ min: 0.01, max: 200, noNaN: true }), (list, maximum) => {
        const rounded = list.map((values) => values.map(Math.fround));
        const expected = reference(rounded, maximum);
        const got = clip(rounded, maximum);
        expect(Math.abs(got.norm - expected.norm)).toBeLessThanOrEqual(1e-5 * Math.max(1, expected.norm));
        got.gradients.flat().forEach((x, i) => {
          const wanted = expected.gradients.flat()[i]!;
          expect(Math.abs(x - wanted)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(wanted)));
        });
      }),
    );
  });

  it('leaves gradients of 0 at 0, and takes none at all', async () => {
    expect(clip([[0, 0], [0]], 1)).toEqual({ norm: 0, gradients: [[0, 0], [0]] });
    await expectNoLeak(() => {
      expect(clip([], 1)).toEqual({ norm: 0, gradients: [] });
      clip([[1], [2, 3]], 1);
    });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a maximum of %p', (maximum) => {
    expect(() => clipByGlobalNorm({}, maximum)).toThrow(TrainOptionError);
  });
});
