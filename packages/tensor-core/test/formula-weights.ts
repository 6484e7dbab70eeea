import * as tf from '@tensorflow/tfjs';

// Globals are slow in jest's sandbox, and there are millions of numbers.
const { imul } = Math;

/** The number at one place of the sequence that starts there, in [−1, 1). */
function mixed(start: number, i: number): number {
  let x = (imul(i, 0x9e3779b1) + start) >>> 0;
  x = imul(x ^ (x >>> 16), 0x85ebca6b);
  x = imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
}

/** middle + scale · u, u in [−1, 1) without a pattern, the same as in scripts/backbones_reference.py. */
export function formulaValues(name: string, count: number, middle = 0, scale = 1): Float32Array {
  let start = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) start = imul(start ^ byte, 0x01000193) >>> 0;
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = middle + scale * mixed(start, i);
  return values;
}

/** A weight of PyTorch by its name there, as the formula of the script has it, in TensorFlow's layout. */
function formulaWeight(torchName: string, shape: readonly number[]): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  if (shape.length === 1) {
    if (torchName.endsWith('running_var')) return tf.tensor1d(formulaValues(torchName, size, 1, 0.5));
    if (torchName.endsWith('weight')) return tf.tensor1d(formulaValues(torchName, size, 0.8, 0.4));
    return tf.tensor1d(formulaValues(torchName, size, 0, 0.3));
  }
  const out = shape.at(-1)!;
  const torchShape = shape.length === 4 ? [out, shape[2]!, shape[0]!, shape[1]!] : [out, shape[0]!];
  const values = formulaValues(torchName, size, 0, Math.sqrt((3 * out) / size));
  return tf.transpose(tf.tensor(values, torchShape), shape.length === 4 ? [2, 3, 1, 0] : [1, 0]);
}

/** Gives every weight of the model the values that the script gives its counterpart in PyTorch. */
export function setFormulaWeights(model: tf.LayersModel, torchName: (name: string) => string): void {
  tf.tidy(() => {
    model.setWeights(
      model.weights.map((weight) => formulaWeight(torchName(weight.originalName), weight.shape as number[])),
    );
  });
}
