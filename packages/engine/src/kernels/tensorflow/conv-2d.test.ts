import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../../use-engine.js';

beforeAll(async () => {
  await useEngine({ log: () => {} });
});

// Where one step is made along an axis, stock TensorFlow reads the wrong memory with a stride above 1.
it.each([
  [2, 2, 3, 2],
  [2, 3, 5, 3],
  [3, 1, 4, 2],
])('%d images of %d × %d, filter as wide as the image, stride %d', (batch, height, width, stride) => {
  const x = tf.reshape(tf.range(0, batch * height * width), [batch, height, width, 1]) as tf.Tensor4D;
  const y = tf.conv2d(x, tf.ones([1, width, 1, 1]), [1, stride], 'valid');
  expect(Array.from(y.dataSync())).toEqual(Array.from(tf.sum(x, 2).dataSync()));
  const turned = tf.conv2d(
    tf.transpose(x, [0, 2, 1, 3]) as tf.Tensor4D,
    tf.ones([width, 1, 1, 1]),
    [stride, 1],
    'valid',
  );
  expect(Array.from(turned.dataSync())).toEqual(Array.from(tf.sum(x, 2).dataSync()));
});

// Stock TensorFlow ends the process in this loop.
it.each([1, 2, 4, 8, 12, 15, 16, 24])('the gradient of a 1 × 1 filter with stride 2 and %d channels', (channels) => {
  for (let i = 0; i < 100; i++) {
    tf.tidy(() => {
      const side = 12 + (i % 5);
      const x = tf.randomNormal([3, side, side, channels]) as tf.Tensor4D;
      const pad = i % 2 === 0 ? 'valid' : 'same';
      const out = Math.ceil(side / 2);
      const dy = tf.randomNormal([3, out, out, 8]) as tf.Tensor4D;
      const got = tf.grad((f: tf.Tensor) => tf.conv2d(x, f as tf.Tensor4D, 2, pad))(tf.ones([1, 1, channels, 8]), dy);
      const seen = tf.reshape(tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, 2, 2, 1]), [-1, channels]);
      const wanted = tf.matMul(seen, tf.reshape(dy, [-1, 8]), true, false);
      expect(tf.max(tf.abs(tf.sub(tf.reshape(got, wanted.shape), wanted))).dataSync()[0]).toBeLessThan(1e-3);
    });
  }
});
