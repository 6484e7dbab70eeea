import * as tf from '@tensorflow/tfjs';

/** Multiply-adds of one training step of a CNN with 16, 32 and 64 filters on 64 images of 32 × 32 × 3; backward counts twice forward. */
const STEP_MULTIPLY_ADDS = 3 * 64 * (32 * 32 * 27 * 16 + 16 * 16 * 144 * 32 + 8 * 8 * 288 * 64);
const PROBE_MULTIPLY_ADDS = 16 * 16 * 144 * 32;

/** Seconds that one training step of a small CNN takes on the current backend, from the time of one small convolution. */
export async function estimateTrainingStep(): Promise<number> {
  const x = tf.ones([1, 16, 16, 16]) as tf.Tensor4D;
  const filter = tf.ones([3, 3, 16, 32]) as tf.Tensor4D;
  const once = async () => {
    const y = tf.conv2d(x, filter, 1, 'same');
    await y.data();
    y.dispose();
  };
  await once();
  const start = performance.now();
  await once();
  const seconds = (performance.now() - start) / 1000;
  tf.dispose([x, filter]);
  return (seconds * STEP_MULTIPLY_ADDS) / PROBE_MULTIPLY_ADDS;
}
