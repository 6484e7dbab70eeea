import type * as tf from '@tensorflow/tfjs';

/** Reads one number back. */
export async function readScalar(value: tf.Scalar): Promise<number> {
  return (await value.data())[0]!;
}
