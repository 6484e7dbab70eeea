import * as tf from '@tensorflow/tfjs';
import type { Patch } from './patch.js';

/** What is used of the layer beside its public face. */
interface Dropout {
  rate: number;
  noiseShape?: number[] | null;
  seed?: number;
  invokeCallHook(inputs: unknown, kwargs: unknown): void;
}

/**
 * `tf.layers.dropout` without a seed: one kernel in place of random numbers made one by one in JavaScript. A layer with a seed or a noise
 * shape stays stock, masks and all.
 */
export const dropoutLayer: Patch = {
  name: 'tf.layers.dropout',
  target: () => Object.getPrototypeOf(tf.layers.dropout({ rate: 0.5 })) as object,
  method: 'call',
  replace: (stock) =>
    function (this: Dropout, inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }) {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const serves =
        kwargs.training &&
        this.rate > 0 &&
        this.rate < 1 &&
        this.seed == null &&
        this.noiseShape == null &&
        x.dtype === 'float32' &&
        tf.getKernel('TensorPapersDropout', tf.getBackend());
      if (!serves) return stock.call(this, inputs, kwargs);
      return tf.tidy(() => {
        this.invokeCallHook(inputs, kwargs);
        const seed = Math.floor(Math.random() * 2 ** 32);
        return tf.engine().runKernel('TensorPapersDropout', { x }, { rate: this.rate, seed });
      });
    },
};
