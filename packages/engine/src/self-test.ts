import * as tf from '@tensorflow/tfjs';
import { SelfTestError } from './errors.js';
import reference from './self-test-reference.json' with { type: 'json' };

const tolerance = 1e-4;

/**
 * Runs one training step of a small network (convolution, bias, ReLU, max pooling, dense layer, softmax cross-entropy) on the
 * current backend and compares loss and all gradients with numbers that plain loops gave in float64.
 *
 * @returns the largest |got − expected| / max(1, |expected|)
 * @throws SelfTestError when it exceeds 1e-4 or is no number; backends that return zeros exist
 */
export async function selfTest(): Promise<number> {
  const { inputs, expected } = reference;
  const labels = tf.tensor1d(inputs.labels, 'int32');
  const gradients = tf.valueAndGrads((...args: tf.Tensor[]) => {
    const [x, filter, bias, dense] = args as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.Tensor2D];
    const activation = tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, filter, 1, 'same'), bias));
    const logits = tf.matMul(tf.reshape<tf.Rank.R2>(tf.maxPool(activation, 2, 2, 'valid'), [2, 27]), dense);
    const target = tf.oneHot(labels, 4, 1, 0, 'float32');
    return tf.div<tf.Scalar>(tf.sum(tf.mul(tf.logSoftmax(logits), target)), -2);
  });
  const tensors = [
    tf.tensor4d(inputs.x, [2, 6, 6, 2]),
    tf.tensor4d(inputs.filter, [3, 3, 2, 3]),
    tf.tensor1d(inputs.bias),
    tf.tensor2d(inputs.dense, [27, 4]),
  ];
  const results: tf.Tensor[] = [];
  try {
    const { value, grads } = gradients(tensors);
    results.push(value, ...grads);
    const wanted = [[expected.loss], expected.x, expected.filter, expected.bias, expected.dense];
    const names = ['the loss', 'the gradient of x', 'of the filter', 'of the bias', 'of the dense layer'];
    let worst = 0;
    for (const [i, result] of results.entries()) {
      const error = largestError(await result.data(), wanted[i]!);
      if (!(error <= tolerance)) {
        throw new SelfTestError(`self-test: ${names[i]} is off by ${error} (allowed: ${tolerance})`);
      }
      worst = Math.max(worst, error);
    }
    return worst;
  } finally {
    tf.dispose([labels, ...tensors, ...results]);
  }
}

function largestError(got: ArrayLike<number>, wanted: readonly number[]): number {
  if (got.length !== wanted.length) return Number.NaN;
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const error = Math.abs(got[i]! - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!));
    if (Number.isNaN(error)) return error;
    worst = Math.max(worst, error);
  }
  return worst;
}
