import * as tf from '@tensorflow/tfjs';
import { parseEquation } from '../../gradients/einsum.js';

/** Sums over the labels that are not kept and brings the others into the order of `kept`. */
function reduceTo(x: tf.Tensor, labels: string, kept: string): tf.Tensor {
  const summed = [...labels].flatMap((label, axis) => (kept.includes(label) ? [] : [axis]));
  const rest = [...labels].filter((label) => kept.includes(label)).join('');
  const reduced = summed.length > 0 ? tf.sum(x, summed) : x;
  return rest === kept
    ? reduced
    : tf.transpose(
        reduced,
        [...kept].map((label) => rest.indexOf(label)),
      );
}

/** Contractions of one or two tensors as one matrix product in batches, with transpositions around it. */
export const einsum = (backendName: string): tf.KernelConfig => ({
  kernelName: tf.Einsum,
  backendName,
  kernelFunc: ({ inputs, attrs }) => {
    const { equation } = attrs as unknown as tf.EinsumAttrs;
    const { inputs: labels, output } = parseEquation(equation);
    const tensors = labels.map((_, i) => inputs[String(i)] as tf.Tensor);
    if (tensors.length > 2)
      throw new Error(`einsum: expected one or two tensors on ${backendName}, got ${tensors.length}`);
    return tf.tidy(() => {
      const [a, b] = tensors as [tf.Tensor, tf.Tensor | undefined];
      const [ofA, ofB] = labels as [string, string | undefined];
      if (b === undefined || ofB === undefined) return reduceTo(a, ofA, output);
      const shared = (label: string) => ofA.includes(label) && ofB.includes(label);
      const batch = [...output].filter(shared).join('');
      const inner = [...ofA].filter((label) => shared(label) && !output.includes(label)).join('');
      const onlyA = [...output].filter((label) => ofA.includes(label) && !shared(label)).join('');
      const onlyB = [...output].filter((label) => ofB.includes(label) && !shared(label)).join('');
      const size = (text: string) =>
        [...text].map((label) => (ofA.includes(label) ? a.shape[ofA.indexOf(label)]! : b.shape[ofB.indexOf(label)]!));
      const count = (text: string) => size(text).reduce((product, n) => product * n, 1);
      const left = tf.reshape(reduceTo(a, ofA, batch + onlyA + inner), [count(batch), count(onlyA), count(inner)]);
      const right = tf.reshape(reduceTo(b, ofB, batch + inner + onlyB), [count(batch), count(inner), count(onlyB)]);
      const product = tf.reshape(tf.matMul(left, right), size(batch + onlyA + onlyB));
      return reduceTo(product, batch + onlyA + onlyB, output);
    });
  },
});
