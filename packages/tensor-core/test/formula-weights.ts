import * as tf from '@tensorflow/tfjs';

/** Numbers in [−1, 1) without a pattern, the same as in scripts/backbones_reference.py. */
export function formulaValues(name: string, count: number): Float64Array {
  let start = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) start = Math.imul(start ^ byte, 0x01000193) >>> 0;
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (Math.imul(i, 0x9e3779b1) + start) >>> 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b) >>> 0;
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae35) >>> 0;
    x ^= x >>> 16;
    return (x >>> 0) / 2 ** 31 - 1;
  });
}

/** A weight of PyTorch by its name there, as the formula of the script has it, in TensorFlow's layout. */
function formulaWeight(torchName: string, shape: readonly number[]): tf.Tensor {
  const u = formulaValues(torchName, tf.util.sizeFromShape([...shape]));
  if (shape.length === 1) {
    const [middle, scale] = torchName.endsWith('running_var')
      ? [1, 0.5]
      : torchName.endsWith('weight')
        ? [0.8, 0.4]
        : [0, 0.3];
    return tf.tensor1d(Float32Array.from(u, (value) => middle + scale * value));
  }
  const out = shape.at(-1)!;
  const torchShape = shape.length === 4 ? [out, shape[2]!, shape[0]!, shape[1]!] : [out, shape[0]!];
  const scale = Math.sqrt(3 / tf.util.sizeFromShape(torchShape.slice(1)));
  const values = tf.tensor(
    Float32Array.from(u, (value) => scale * value),
    torchShape,
  );
  return tf.tidy(() => tf.transpose(values, shape.length === 4 ? [2, 3, 1, 0] : [1, 0]));
}

/** Gives every weight of the model the values that the script gives its counterpart in PyTorch. */
export function setFormulaWeights(model: tf.LayersModel, torchName: (name: string) => string): void {
  tf.tidy(() => {
    model.setWeights(
      model.weights.map((weight) => formulaWeight(torchName(weight.originalName), weight.shape as number[])),
    );
  });
}
