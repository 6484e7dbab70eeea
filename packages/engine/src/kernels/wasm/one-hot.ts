import * as tf from '@tensorflow/tfjs';

/**
 * One-hot rows in float32: the stock kernel writes the bits of the integer 1 (1.4e-45) into a float32 tensor.
 *
 * y[i, k] = onValue where indices[i] = k, else offValue. Inputs indices int32 of any shape; output `[…, depth]`.
 */
export function repairedOneHot(stock: tf.KernelConfig): tf.KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { dtype, depth, onValue, offValue } = call.attrs as unknown as tf.OneHotAttrs;
      if (dtype === 'int32') return stock.kernelFunc(call);
      return tf.tidy(() => {
        const isOn = tf.cast(tf.oneHot(call.inputs.indices as tf.Tensor, depth, 1, 0, 'int32'), 'float32');
        return tf.cast(tf.add(tf.mul(isOn, onValue - offValue), offValue), dtype);
      });
    },
  };
}
