import { expect } from '@jest/globals';
import { createRng, type Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';

/** An input of an operation, with values that float32 holds exactly. */
export interface Input {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Plain loops in float64: values of the inputs in, values of the output out. */
export type Reference = (...inputs: number[][]) => number[];

export type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Half the distance of a central difference in float64. */
const STEP = 1e-5;

export function input(shape: readonly number[], values: readonly number[]): Input {
  return { shape, values: values.map(Math.fround) };
}

export function randomInput(shape: readonly number[], rng: Rng, scale = 1): Input {
  const length = shape.reduce((product, size) => product * size, 1);
  return input(
    shape,
    Array.from({ length }, () => scale * rng.normal()),
  );
}

export function toTensor({ shape, values }: Input): tf.Tensor {
  return tf.tensor([...values], [...shape], 'float32');
}

/** Values of the operation at the inputs. */
export function valuesOf(operation: Operation, inputs: readonly Input[]): number[] {
  return tf.tidy(() => Array.from(operation(...inputs.map(toTensor)).dataSync()));
}

/** Gradients of Σ upstream · operation(inputs), an array per input. */
export function gradientsOf(operation: Operation, inputs: readonly Input[], upstream: readonly number[]): number[][] {
  return tf.tidy(() => {
    const weigh = (y: tf.Tensor) => tf.sum(tf.mul(y, tf.tensor([...upstream], y.shape)));
    const gradients = tf.grads((...tensors) => weigh(operation(...tensors)))(inputs.map(toTensor));
    return gradients.map((gradient) => Array.from(gradient.dataSync()));
  });
}

/** Central differences of Σ upstream · reference(inputs) in float64. */
export function slopesOf(reference: Reference, inputs: readonly Input[], upstream: readonly number[]): number[][] {
  const weighed = (values: number[][]) => reference(...values).reduce((sum, y, i) => sum + upstream[i]! * y, 0);
  return inputs.map(({ values }, k) =>
    values.map((value, i) => {
      const at = (moved: number) =>
        weighed(inputs.map((each, j) => each.values.map((other, l) => (j === k && l === i ? moved : other))));
      return (at(value + STEP) - at(value - STEP)) / (2 * STEP);
    }),
  );
}

/** |got − expected| ≤ tolerance · max(1, |expected|) everywhere. */
export function expectClose(got: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  expect(got).toHaveLength(expected.length);
  const off = got.flatMap((value, i) =>
    Math.abs(value - expected[i]!) <= tolerance * Math.max(1, Math.abs(expected[i]!)) ? [] : [[i, value, expected[i]!]],
  );
  expect(off).toEqual([]);
}

/** Fails unless values and gradients of the operation are those of the reference. The inputs must lie off its kinks. */
export function expectReference(
  operation: Operation,
  reference: Reference,
  inputs: readonly Input[],
  { tolerance = 1e-5, gradientTolerance = 1e-4 } = {},
): void {
  const expected = reference(...inputs.map(({ values }) => [...values]));
  expectClose(valuesOf(operation, inputs), expected, tolerance);
  const rng = createRng(5);
  const upstream = expected.map(() => Math.fround(rng.normal()));
  const gradients = gradientsOf(operation, inputs, upstream);
  slopesOf(reference, inputs, upstream).forEach((slopes, k) => {
    expectClose(gradients[k]!, slopes, gradientTolerance);
  });
}
