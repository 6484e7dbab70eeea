import * as tf from '@tensorflow/tfjs';
import { float32Attribute, type NodeBackend } from './node-backend.js';

const softmaxName = 'TensorPapersSoftmaxCrossEntropy';
const sigmoidName = 'TensorPapersSigmoidCrossEntropy';

/** TensorFlow's own: loss `[B]` and its slope `[B, C]` w.r.t. the logits. Inputs logits and labels `[B, C]`, float32. */
export const softmaxCrossEntropy: tf.KernelConfig = {
  kernelName: softmaxName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs: { logits, labels }, backend }) => {
    const node = backend as unknown as NodeBackend;
    return node.executeMultipleOutputs(
      'SoftmaxCrossEntropyWithLogits',
      [float32Attribute(node)],
      [logits!, labels!] as tf.TensorInfo[],
      2,
    );
  },
};

/** max(x, 0) − x·t + log(1 + e^−|x|) of each value, and its slope σ(x) − t. Inputs logits x and labels t, float32 of one shape. */
export const sigmoidCrossEntropy: tf.KernelConfig = {
  kernelName: sigmoidName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs: { logits, labels }, backend }) =>
    (backend as unknown as NodeBackend).executeMultipleOutputs(
      sigmoidName,
      [],
      [logits!, labels!] as tf.TensorInfo[],
      2,
    ),
};

export const crossEntropyGradients: readonly tf.GradConfig[] = [
  {
    kernelName: softmaxName,
    inputsToSave: ['logits'],
    outputsToSave: [false, true],
    gradFunc: (dys, saved) => {
      const [logits, slope] = saved as [tf.Tensor2D, tf.Tensor2D];
      const dy = tf.expandDims((dys as tf.Tensor[])[0]!, 1);
      return {
        logits: () => tf.mul(dy, slope),
        labels: () => tf.neg(tf.mul(dy, tf.logSoftmax(logits))),
      };
    },
  },
  {
    kernelName: sigmoidName,
    inputsToSave: ['logits'],
    outputsToSave: [false, true],
    gradFunc: (dys, saved) => {
      const [logits, slope] = saved as [tf.Tensor, tf.Tensor];
      const dy = (dys as tf.Tensor[])[0]!;
      return { logits: () => tf.mul(dy, slope), labels: () => tf.neg(tf.mul(dy, logits)) };
    },
  },
];
