import * as tf from '@tensorflow/tfjs';

/** How many gradients are being recorded around the operation that runs: above 1, or above 0 in a gradient function, a second derivative is. */
export function gradientDepth(): number {
  return (tf.engine() as unknown as { state: { gradientDepth: number } }).state.gradientDepth;
}
