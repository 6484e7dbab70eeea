import * as tf from '@tensorflow/tfjs';
import { requireEmbeddings } from '../checks.js';
import type { Distance, DistanceMatrixOptions } from './distance.js';
import { type EmbeddingRows, readRows, throughNormalisation } from './embedding-rows.js';
import { valuesOf } from './values-of.js';

/** Share of ‖a‖² + ‖b‖² below which a squared distance is taken from a − b: out of a product it would be mostly rounding. */
const NEAR = 1e-3;

/** Share of non-zero entries below which the gradient is summed entry by entry, not by matrix products. */
const SPARSE = 1 / 16;

/** What is measured: a · b, ‖a − b‖² or ‖a − b‖. */
export type Measure = 'product' | 'squared' | 'euclidean';

/** What makes a built-in distance. */
interface ProductDistanceOptions {
  readonly name: string;
  readonly measure: Measure;
  readonly normalize: boolean;
}

const toCosine: Readonly<Record<Measure, (value: number) => number>> = {
  product: (value) => value,
  squared: (value) => 1 - value / 2,
  euclidean: (value) => 1 - (value * value) / 2,
};

/**
 * A distance that is a function of the rows' products: one matrix product forward; backward two, or sums over the few entries that have a
 * gradient. Normalisation and its Jacobian are part of it. The gradient of a Euclidean distance of 0 is 0.
 */
export function productDistance({ name, measure, normalize }: ProductDistanceOptions): Distance {
  const matrix = (a: tf.Tensor2D, b: tf.Tensor2D = a, { constantReference = false }: DistanceMatrixOptions = {}) => {
    const [, width] = requireEmbeddings('embeddings', a);
    requireEmbeddings('reference embeddings', b, width);
    const left = readRows('embeddings', a, normalize);
    const right = a === b ? left : readRows('reference embeddings', b, normalize);
    const values = measureRows(left, right, measure);
    const inputs = a === b || constantReference ? [a] : [a, b];
    const operation = tf.customGrad(() => ({
      value: tf.tensor2d(values, [left.count, right.count]),
      gradFunc: (dy: tf.Tensor) => {
        const slopes = slopesOf(dy.dataSync<'float32'>(), values, measure);
        const { ofLeft, ofRight } = gradients(left, right, slopes, measure, !constantReference || a === b);
        if (left === right) {
          for (let i = 0; i < ofLeft.length; i++) ofLeft[i] = ofLeft[i]! + ofRight![i]!;
        }
        throughNormalisation(left, ofLeft);
        const leftGradient = tf.tensor2d(ofLeft, [left.count, width]);
        if (inputs.length === 1) return leftGradient;
        throughNormalisation(right, ofRight!);
        return [leftGradient, tf.tensor2d(ofRight!, [right.count, width])];
      },
    }));
    return operation(...inputs) as tf.Tensor2D;
  };
  const productRows = (rows: tf.Tensor2D, what: string) => tensorOf(readRows(what, rows, normalize));
  return {
    name,
    largerIsCloser: measure === 'product',
    matrix,
    ...(measure === 'product' ? { productRows } : {}),
    ...(normalize ? { toCosine: toCosine[measure] } : {}),
  };
}

const tensorOf = ({ values, count, width }: EmbeddingRows) => tf.tensor2d(values, [count, width]);

function measureRows(left: EmbeddingRows, right: EmbeddingRows, measure: Measure): Float32Array {
  const values = valuesOf(() => {
    const a = tensorOf(left);
    return tf.matMul(a, left === right ? a : tensorOf(right), false, true);
  });
  if (measure === 'product') return values;
  const columns = right.count;
  for (let i = 0; i < left.count; i++) {
    const own = left.squares[i]!;
    for (let j = 0, at = i * columns; j < columns; j++, at++) {
      const size = own + right.squares[j]!;
      let squared = size - 2 * values[at]!;
      if (squared < NEAR * size) squared = left === right && i === j ? 0 : squaredDifference(left, i, right, j);
      values[at] = measure === 'squared' ? squared : Math.sqrt(squared);
    }
  }
  return values;
}

function squaredDifference(left: EmbeddingRows, i: number, right: EmbeddingRows, j: number): number {
  const { width } = left;
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const difference = left.values[i * width + k]! - right.values[j * width + k]!;
    sum += difference * difference;
  }
  return sum;
}

/** The factors c of dx = Σ c y (products) or Σ c (x − y) (differences), and how many are not 0. */
interface Slopes {
  readonly factors: Float32Array;
  readonly nonZero: number;
}

function slopesOf(dy: Float32Array, values: Float32Array, measure: Measure): Slopes {
  let nonZero = 0;
  if (measure === 'product') {
    for (let i = 0; i < dy.length; i++) if (dy[i] !== 0) nonZero++;
    return { factors: dy, nonZero };
  }
  const factors = new Float32Array(dy.length);
  for (let i = 0; i < dy.length; i++) {
    const slope = dy[i]!;
    if (slope === 0) continue;
    const factor = measure === 'squared' ? 2 * slope : values[i]! > 0 ? slope / values[i]! : 0;
    factors[i] = factor;
    if (factor !== 0) nonZero++;
  }
  return { factors, nonZero };
}

interface Gradients {
  readonly ofLeft: Float32Array;
  readonly ofRight: Float32Array | null;
}

function gradients(
  left: EmbeddingRows,
  right: EmbeddingRows,
  { factors, nonZero }: Slopes,
  measure: Measure,
  both: boolean,
): Gradients {
  const sums = nonZero < SPARSE * factors.length ? sumEntries : multiply;
  return sums(left, right, factors, measure !== 'product', both);
}

function sumEntries(
  left: EmbeddingRows,
  right: EmbeddingRows,
  factors: Float32Array,
  difference: boolean,
  both: boolean,
): Gradients {
  const { width } = left;
  const ofLeft = new Float32Array(left.values.length);
  const ofRight = both ? new Float32Array(right.values.length) : null;
  const add = difference ? addDifference : addProduct;
  for (let i = 0, at = 0; i < left.count; i++) {
    for (let j = 0; j < right.count; j++, at++) {
      const factor = factors[at]!;
      if (factor === 0) continue;
      add(ofLeft, i * width, factor, right.values, j * width, left.values, width);
      if (ofRight) add(ofRight, j * width, factor, left.values, i * width, right.values, width);
    }
  }
  return { ofLeft, ofRight };
}

type AddRow = (
  into: Float32Array,
  to: number,
  factor: number,
  other: Float32Array,
  from: number,
  own: Float32Array,
  width: number,
) => void;

const addProduct: AddRow = (into, to, factor, other, from, _own, width) => {
  for (let k = 0; k < width; k++) into[to + k] = into[to + k]! + factor * other[from + k]!;
};

const addDifference: AddRow = (into, to, factor, other, from, own, width) => {
  for (let k = 0; k < width; k++) into[to + k] = into[to + k]! + factor * (own[to + k]! - other[from + k]!);
};

function multiply(
  left: EmbeddingRows,
  right: EmbeddingRows,
  factors: Float32Array,
  difference: boolean,
  both: boolean,
): Gradients {
  const slopes = tf.tensor2d(factors, [left.count, right.count]);
  const ofLeft = valuesOf(() => tf.matMul(slopes, tensorOf(right)));
  const ofRight = both ? valuesOf(() => tf.matMul(slopes, tensorOf(left), true)) : null;
  slopes.dispose();
  if (difference) towardsDifferences(left, right, factors, ofLeft, ofRight);
  return { ofLeft, ofRight };
}

/** Turns Σ c y into Σ c (x − y), for both sides. */
function towardsDifferences(
  left: EmbeddingRows,
  right: EmbeddingRows,
  factors: Float32Array,
  ofLeft: Float32Array,
  ofRight: Float32Array | null,
): void {
  const [rows, columns] = [new Float64Array(left.count), new Float64Array(right.count)];
  for (let i = 0, at = 0; i < left.count; i++) {
    let sum = 0;
    for (let j = 0; j < right.count; j++, at++) {
      const factor = factors[at]!;
      sum += factor;
      columns[j] = columns[j]! + factor;
    }
    rows[i] = sum;
  }
  subtractFrom(left, rows, ofLeft);
  if (ofRight) subtractFrom(right, columns, ofRight);
}

function subtractFrom({ count, width, values }: EmbeddingRows, sums: Float64Array, gradient: Float32Array): void {
  for (let row = 0, i = 0; row < count; row++) {
    for (let k = 0; k < width; k++, i++) gradient[i] = sums[row]! * values[i]! - gradient[i]!;
  }
}
