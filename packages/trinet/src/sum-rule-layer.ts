import * as tf from '@tensorflow/tfjs';

/**
 * The sum rule as a layer: logits of several heads, each `[B, C]`, to log((1/V) Σ_v softmax(z_v)), `[B, C]`.
 *
 * The softmax of what it gives is the heads' mean probability.
 */
export class SumRuleLayer extends tf.layers.Layer {
  static readonly className = 'TriNetSumRule';

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return (inputShape as tf.Shape[])[0]!;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const heads = Array.isArray(inputs) ? inputs : [inputs];
    // Log-sum-exp keeps classes finite whose probability underflows.
    return tf.tidy(() => tf.sub(tf.logSumExp(tf.stack(heads.map((z) => tf.logSoftmax(z))), 0), Math.log(heads.length)));
  }
}

tf.serialization.registerClass(SumRuleLayer);
