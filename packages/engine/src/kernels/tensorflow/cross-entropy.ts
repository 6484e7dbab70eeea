import * as tf from '@tensorflow/tfjs';
import { requireFloat32, requireShape } from './check-inputs.js';
import type { NodeBackend } from './node-backend.js';

const softmaxName = 'TensorPapersSoftmaxCrossEntropy';
const sigmoidName = 'TensorPapersSigmoidCrossEntropy';

const ofLogitsAndLabels = (kernelName: string): tf.KernelConfig => ({
  kernelName,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const node = backend as unknown as NodeBackend;
    const { logits, labels } = requireFloat32(kernelName, inputs, ['logits', 'labels']);
    requireShape(kernelName, 'labels', labels, logits.shape);
    const mean = { name: 'mean', type: node.binding.TF_ATTR_INT, value: attrs?.mean ? 1 : 0 };
    return node.executeMultipleOutputs(kernelName, [mean], [logits, labels], 2);
  },
});

/**
 * Loss Σ t · (log Σ e^x − x) `[B]`, or its mean `[]` with attribute `mean`, and its slope `[B, C]`: softmax(x) · Σ t − t, for the mean divided
 * by B. Inputs logits x and labels t `[B, C]`, float32.
 */
export const softmaxCrossEntropy = ofLogitsAndLabels(softmaxName);

/**
 * max(x, 0) − x·t + log(1 + e^−|x|) of each value, or their mean `[]` with attribute `mean`, and its slope: σ(x) − t, for the mean divided by
 * the number of values. Inputs logits x and labels t, float32 of one shape.
 */
export const sigmoidCrossEntropy = ofLogitsAndLabels(sigmoidName);

export const crossEntropyGradients: readonly tf.GradConfig[] = [
  {
    kernelName: softmaxName,
    inputsToSave: ['logits'],
    outputsToSave: [false, true],
    gradFunc: (dys, saved, { mean }) => {
      const [logits, slope] = saved as [tf.Tensor2D, tf.Tensor2D];
      const [dy] = dys as [tf.Tensor];
      const ofRows = mean ? dy : tf.expandDims(dy, 1);
      return {
        logits: () => tf.mul(ofRows, slope),
        labels: () => tf.neg(tf.mul(mean ? tf.div(dy, logits.shape[0]) : ofRows, tf.logSoftmax(logits))),
      };
    },
  },
  {
    kernelName: sigmoidName,
    inputsToSave: ['logits'],
    outputsToSave: [false, true],
    gradFunc: (dys, saved, { mean }) => {
      const [logits, slope] = saved as [tf.Tensor, tf.Tensor];
      const [dy] = dys as [tf.Tensor];
      return {
        logits: () => tf.mul(dy, slope),
        labels: () => tf.neg(tf.mul(mean ? tf.div(dy, logits.size) : dy, logits)),
      };
    },
  },
];
