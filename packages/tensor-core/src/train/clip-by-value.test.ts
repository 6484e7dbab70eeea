import { expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { expectNoLeak } from '../../test/tensors.js';
import { clipByValue } from './clip-by-value.js';
import { TrainOptionError } from './errors.js';

it('clipByValue limits each value, and nothing else', async () => {
  await expectNoLeak(() => {
    const gradients = {
      a: tf.tensor2d([
        [-3, -0.5],
        [0.25, 7],
      ]),
      b: tf.scalar(0.5),
    };
    const clipped = clipByValue(gradients, 0.5);
    expect(clipped.a!.shape).toEqual([2, 2]);
    expect(Array.from(clipped.a!.dataSync())).toEqual([-0.5, -0.5, 0.25, 0.5]);
    expect(Array.from(clipped.b!.dataSync())).toEqual([0.5]);
    tf.dispose([gradients, clipped]);
  });
});

it.each([0, -1, Number.NaN])('clipByValue refuses %s', (maximum) => {
  expect(() => clipByValue({}, maximum)).toThrow(TrainOptionError);
});
