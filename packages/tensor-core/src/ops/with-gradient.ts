import * as tf from '@tensorflow/tfjs';

/**
 * The value of `forward`, with `gradient` (one tensor per input) in place of what TensorFlow.js would derive.
 *
 * `kept` reaches the gradient alive, whatever tidies lie between. A gradient must not hand dy on as it is: the engine may dispose it.
 */
export function withGradient<T extends tf.Tensor>(
  inputs: readonly tf.Tensor[],
  kept: readonly tf.Tensor[],
  forward: () => T,
  gradient: (dy: T, kept: readonly tf.Tensor[]) => tf.Tensor[],
): T {
  const operation = tf.customGrad((...args) => {
    const save = args[args.length - 1] as (tensors: tf.Tensor[]) => void;
    save([...kept]);
    return { value: forward(), gradFunc: (dy, saved) => tf.tidy(() => gradient(dy as T, saved)) };
  });
  return operation(...inputs) as T;
}
