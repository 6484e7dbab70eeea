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

/** Numbers of the formula in PyTorch's order of a weight, in TensorFlow's layout. */
export function formulaTensor(name: string, shape: readonly number[], middle = 0, scale = 1): tf.Tensor {
  const values = formulaValues(name, tf.util.sizeFromShape([...shape]), middle, scale);
  const [a, b, from, to] = shape;
  if (shape.length === 4) return tf.transpose(tf.tensor(values, [to!, from!, a!, b!]), [2, 3, 1, 0]);
  if (shape.length === 2) return tf.transpose(tf.tensor(values, [b!, a!]), [1, 0]);
  return tf.tensor1d(values);
}

/** A weight of PyTorch by its name there, as the script makes it. */
function formulaWeight(torchName: string, shape: readonly number[]): tf.Tensor {
  if (shape.length > 1) {
    const fanIn = tf.util.sizeFromShape(shape.slice(0, -1));
    return formulaTensor(torchName, shape, 0, Math.sqrt(3 / fanIn));
  }
  if (torchName.endsWith('running_var')) return formulaTensor(torchName, shape, 1, 0.5);
  if (torchName.endsWith('weight')) return formulaTensor(torchName, shape, 0.8, 0.4);
  return formulaTensor(torchName, shape, 0, 0.3);
}

/** Gives every weight of the model the values that the script gives its counterpart in PyTorch. */
export function setFormulaWeights(model: tf.LayersModel, torchName: (name: string) => string): void {
  tf.tidy(() => {
    model.setWeights(
      model.weights.map((weight) => formulaWeight(torchName(weight.originalName), weight.shape as number[])),
    );
  });
}
