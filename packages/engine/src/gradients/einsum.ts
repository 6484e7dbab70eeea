import * as tf from '@tensorflow/tfjs';

/** The labels of the inputs and of the output of `'ij,jk->ik'`. */
export function parseEquation(equation: string): { inputs: string[]; output: string } {
  const [left, output] = equation.replaceAll(' ', '').split('->') as [string, string];
  return { inputs: left.split(','), output };
}

/**
 * Contractions of one or two tensors: the gradient of an input is the contraction of dy with the other input. TensorFlow.js has none.
 */
export const einsumGradient: tf.GradConfig = {
  kernelName: tf.Einsum,
  saveAllInputs: true,
  gradFunc: (gradient, saved, attrs) => {
    const dy = gradient as tf.Tensor;
    const { equation } = attrs as unknown as tf.EinsumAttrs;
    const { inputs, output } = parseEquation(equation);
    const gradientOf = (which: number): tf.Tensor => {
      const labels = inputs[which]!;
      const { shape } = saved[which]!;
      const other = saved[1 - which];
      const known = output + (inputs[1 - which] ?? '');
      // A label that only this input has was summed over: its gradient is the same along that axis.
      const kept = [...labels].filter((label) => known.includes(label)).join('');
      const operands = other ? [dy, other] : [dy];
      const names = other ? `${output},${inputs[1 - which]}` : output;
      const contracted = kept === output && !other ? dy : tf.einsum(`${names}->${kept}`, ...operands);
      const expanded = tf.reshape(
        contracted,
        shape.map((size, axis) => (kept.includes(labels[axis]!) ? size : 1)),
      );
      return tf.broadcastTo(expanded, shape);
    };
    return Object.fromEntries(inputs.map((_, which) => [String(which), () => gradientOf(which)]));
  },
};
