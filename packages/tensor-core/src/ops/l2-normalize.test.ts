import { describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import {
  expectClose,
  expectReference,
  gradientsOf,
  input,
  randomInput,
  toTensor,
  valuesOf,
} from '../../test/reference-gradients.js';
import { expectNoLeak } from '../../test/tensors.js';
import { l2Normalize } from './l2-normalize.js';

const normalize = (x: tf.Tensor) => l2Normalize(x);
const reference = (width: number) => (x: number[]) =>
  x.map((value, i) => {
    const start = i - (i % width);
    return value / Math.hypot(...x.slice(start, start + width));
  });

describe('l2Normalize', () => {
  it('values and gradients are those of plain loops', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 2, max: 6 }), fc.nat(), (before, width, seed) => {
        const x = randomInput([...before, width], createRng(seed));
        expectReference(normalize, reference(width), [x], { gradientTolerance: 1e-3 });
      }),
      { numRuns: 40 },
    );
  });

  it('the gradient by hand', () => {
    const x = [input([3], [3, 4, 0])];
    expectClose(gradientsOf(normalize, x, [1, 0, 0])[0]!, [0.128, -0.096, 0]);
    expectClose(gradientsOf(normalize, x, [0, 0, 1])[0]!, [0, 0, 0.2]);
  });

  it('rows of zeros stay, with gradient 0, and leave the others alone', () => {
    const x = [input([2, 2], [0, 0, 3, 4])];
    expectClose(valuesOf(normalize, x), [0, 0, 0.6, 0.8]);
    expectClose(gradientsOf(normalize, x, [1, 1, 1, 0])[0]!, [0, 0, 0.128, -0.096]);
  });

  it('squares of huge and tiny rows do not overflow', () => {
    const x = [input([2, 2], [3e25, 4e25, 3e-25, 4e-25])];
    expectClose(
      valuesOf((rows) => l2Normalize(rows, { epsilon: 1e-30 }), x),
      [0.6, 0.8, 0.6, 0.8],
    );
    expectClose(valuesOf(normalize, x), [0.6, 0.8, 0, 0]);
  });

  it('does not change with the length of the row, but the gradient does', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.nat(), (factor, seed) => {
        const x = randomInput([3], createRng(seed));
        const scaled = input(x.shape, x.values.map((value) => factor * value)); // biome-ignore format: short
        expectClose(valuesOf(normalize, [scaled]), valuesOf(normalize, [x]));
        const gradient = gradientsOf(normalize, [scaled], [1, 2, 3])[0]!;
        expectClose(gradient.map((value) => factor * value), gradientsOf(normalize, [x], [1, 2, 3])[0]!, 1e-3); // biome-ignore format: short
      }),
      { numRuns: 30 },
    );
  });

  it('leaves nothing behind and names what does not fit', async () => {
    const x = toTensor(randomInput([3, 4], createRng(1)));
    await expectNoLeak(() => {
      l2Normalize(x).dispose();
      tf.grad((y) => tf.sum(l2Normalize(y)))(x).dispose();
    });
    expect(() => l2Normalize(x, { epsilon: 0 })).toThrow('epsilon: expected a finite number above 0, got 0');
    tf.tidy(() => {
      expect(() => l2Normalize(tf.scalar(1))).toThrow('expected the shape [..., D], got a scalar');
      expect(() => l2Normalize(tf.zeros([2], 'int32'))).toThrow('expected a float32 tensor');
    });
    x.dispose();
  });
});
