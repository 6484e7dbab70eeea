import * as tf from '@tensorflow/tfjs';
import { requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

const softmaxName = 'TensorPapersSoftmaxCrossEntropy';
const sigmoidName = 'TensorPapersSigmoidCrossEntropy';

const ofLogitsAndLabels = (kernelName: string): tf.KernelConfig => ({
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, backend }) => {
    const { logits, labels } = requireFloat32(kernelName, inputs, ['logits', 'labels']);
    requireShape(kernelName, 'labels', labels, logits.shape);
    return (backend as unknown as NodeBackend).executeMultipleOutputs(kernelName, [], [logits, labels], 2);
  },
});

/** Loss Σ t · (log Σ e^x − x) `[B]` and its slope softmax(x) · Σ t − t `[B, C]`. Inputs logits x and labels t `[B, C]`, float32. */
export const softmaxCrossEntropy = ofLogitsAndLabels(softmaxName);

/** max(x, 0) − x·t + log(1 + e^−|x|) of each value, and its slope σ(x) − t. Inputs logits x and labels t, float32 of one shape. */
export const sigmoidCrossEntropy = ofLogitsAndLabels(sigmoidName);

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
