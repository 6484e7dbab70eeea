import * as tf from '@tensorflow/tfjs';

/**
 * y = x where x > 0, else alpha · x. The stock kernel reads alpha as if it were of the shape of x's last axes, whatever it is broadcast
 * along. Inputs x and alpha, float32; output of the shape of x.
 */
export const repairedPrelu = (stock: tf.KernelConfig): tf.KernelConfig => ({
  ...stock,
  kernelFunc: (call) => {
    const { x, alpha } = call.inputs as unknown as { x: tf.Tensor; alpha: tf.Tensor };
    const whole =
      alpha.size === x.size || (alpha.rank > 0 && alpha.size === alpha.shape.at(-1) && alpha.size === x.shape.at(-1));
    if (whole) return stock.kernelFunc(call);
    return tf.tidy(() => tf.add(tf.relu(x), tf.mul(alpha, tf.minimum(x, 0))));
  },
});
