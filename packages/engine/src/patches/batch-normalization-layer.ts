import * as tf from '@tensorflow/tfjs';
import type { Patch } from './patch.js';

/** What is used of the layer beside its public face. */
interface BatchNormalization {
  axis: number;
  momentum: number;
  epsilon: number;
  gamma?: tf.LayerVariable;
  beta?: tf.LayerVariable;
  movingMean: tf.LayerVariable;
  movingVariance: tf.LayerVariable;
}

/** `tf.layers.batchNormalization` in training over the last axis: one kernel forward and one backward in place of about thirty. */
export const batchNormalizationLayer: Patch = {
  name: 'tf.layers.batchNormalization',
  target: () => Object.getPrototypeOf(tf.layers.batchNormalization()) as object,
  method: 'call',
  replace: (stock) =>
    function (this: BatchNormalization, inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }) {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const isLastAxis = this.axis === -1 || this.axis === x.rank - 1;
      const serves =
        kwargs.training &&
        isLastAxis &&
        this.gamma &&
        this.beta &&
        x.dtype === 'float32' &&
        x.size > 0 &&
        tf.getKernel('TensorPapersBatchNorm', tf.getBackend());
      if (!serves) return stock.call(this, inputs, kwargs);
      const { gamma, beta } = this as Required<BatchNormalization>;
      return tf.tidy(() => {
        const outputs = tf.engine().runKernel(
          'TensorPapersBatchNorm',
          {
            x,
            scale: gamma.read(),
            offset: beta.read(),
            movingMean: this.movingMean.read(),
            movingVariance: this.movingVariance.read(),
          },
          { epsilon: this.epsilon, momentum: this.momentum },
        ) as unknown as tf.Tensor[];
        const [y, , , , , nextMean, nextVariance] = outputs;
        this.movingMean.write(nextMean!);
        this.movingVariance.write(nextVariance!);
        return y;
      });
    },
};
