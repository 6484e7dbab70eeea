import { createRng, type Rng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { type Labels, mine, type Triplets } from '../src/index.js';

export type Rows = number[][];

export const normals = (rng: Rng, rows: number, columns: number): Rows =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => rng.normal()));

export const matrix = (rows: Rows): tf.Tensor2D => tf.tensor2d(rows, undefined, 'float32');

/** A batch of random rows and random labels. */
export function problem(seed: number, { batch = 9, width = 3, classes = 3 } = {}) {
  const rng = createRng(seed);
  return { x: normals(rng, batch, width), y: Array.from({ length: batch }, () => rng.integer(classes)) };
}

/** Largest absolute difference of two nested lists of the same form. */
export function distance(a: unknown, b: unknown): number {
  if (!Array.isArray(a) || !Array.isArray(b)) return Math.abs(Number(a) - Number(b));
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((largest: number, value, i) => Math.max(largest, distance(value, b[i])), 0);
}

/** How many tensors an action leaves behind. */
export async function leak(action: () => unknown): Promise<number> {
  const before = tf.memory().numTensors;
  await action();
  return tf.memory().numTensors - before;
}

/** A loss of rows, and its gradient. */
export function lossAndGradient(x: Rows, loss: (embeddings: tf.Tensor2D) => tf.Scalar) {
  return tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad((rows) => loss(rows as tf.Tensor2D))(matrix(x));
    return { loss: value.dataSync()[0]!, gradient: (grad as tf.Tensor2D).arraySync() };
  });
}

/** The gradient of a function of rows by central differences. */
export function differences(x: Rows, f: (rows: Rows) => number, step = 1e-5): Rows {
  const moved = (s: number, i: number, by: number) =>
    x.map((row, r) => row.map((value, c) => (r === s && c === i ? value + by : value)));
  return x.map((row, s) => row.map((_, i) => (f(moved(s, i, step)) - f(moved(s, i, -step))) / (2 * step)));
}

export const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Rows of length 1; a row of zeros stays. */
export const unit = (x: Rows): Rows =>
  x.map((row) => {
    const length = Math.sqrt(dot(row, row));
    return length > 1e-12 ? row.map((value) => value / length) : row;
  });

/** Every valid triplet in order. */
export function allTripletsOf(y: number[]): number[][] {
  const all: number[][] = [];
  y.forEach((ya, a) => {
    y.forEach((yp, p) => {
      if (p === a || yp !== ya) return;
      y.forEach((yn, n) => {
        if (yn !== ya) all.push([a, p, n]);
      });
    });
  });
  return all;
}

/** Triplets as rows [a, p, n]. */
export const rowsOf = ({ anchors, positives, negatives }: Triplets): number[][] =>
  Array.from(anchors, (anchor, i) => [anchor, positives[i]!, negatives[i]!]);

/** What a miner of triplets chooses, as rows [a, p, n]. */
export function mined(...args: [Parameters<typeof mine>[0], Rows, Labels, Parameters<typeof mine>[3]?]): number[][] {
  const [miner, x, y, options] = args;
  return tf.tidy(() => [rowsOf(mine(miner, matrix(x), y, options) as Triplets)])[0]!;
}

/** Closeness of all rows in plain loops, by name of the distance; of rows as they are where not normalised. */
export const closenessOf = (name: string, normalised: boolean, a: Rows, b: Rows = a): Rows => {
  const [left, right] = normalised ? [unit(a), unit(b)] : [a, b];
  const squared = (x: number[], y: number[]) => x.reduce((sum, v, i) => sum + (v - y[i]!) ** 2, 0);
  const value: Readonly<Record<string, (x: number[], y: number[]) => number>> = {
    cosine: dot,
    dot,
    squaredEuclidean: (x, y) => -squared(x, y),
    euclidean: (x, y) => -Math.sqrt(squared(x, y)),
  };
  return left.map((x) => right.map((y) => value[name]!(x, y)));
};
