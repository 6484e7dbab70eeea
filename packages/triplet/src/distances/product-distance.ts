import * as tf from '@tensorflow/tfjs';
import { requireEmbeddings } from '../checks.js';
import type { Distance, DistanceMatrixOptions } from './distance.js';
import { type EmbeddingRows, readRows, throughNormalisation } from './embedding-rows.js';
import { valuesOf } from './values-of.js';

/** Share of ‖a‖² + ‖b‖² below which a squared distance is taken from a − b: out of a product it would be mostly rounding. */
const NEAR = 1e-3;

/** Share of non-zero entries up to which the gradient is summed entry by entry, not by matrix products. */
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
  const isSame = left === right;
  const isSquared = measure === 'squared';
  for (let i = 0; i < left.count; i++) {
    const own = left.squares[i]!;
    // Of the same rows one half, which is then the other as well.
    const end = isSame ? i : columns;
    for (let j = 0, at = i * columns; j < end; j++, at++) {
      const size = own + right.squares[j]!;
      let squared = size - 2 * values[at]!;
      if (squared < NEAR * size) squared = squaredDifference(left, i, right, j);
      const value = isSquared ? squared : Math.sqrt(squared);
      values[at] = value;
      if (isSame) values[j * columns + i] = value;
    }
    if (isSame) values[i * columns + i] = 0;
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

/** The factors c of dx = Σ c y (products) or Σ c (x − y) (differences): of all values, or of those entries that have one. */
interface Slopes {
  readonly factors: Float32Array;
  readonly entries: Int32Array | null;
}

function slopesOf(dy: Float32Array, values: Float32Array, measure: Measure): Slopes {
  const entries = nonZeroEntries(dy, Math.floor(SPARSE * dy.length));
  if (measure === 'product' && !entries) return { factors: dy, entries };
  const factors = new Float32Array(entries?.length ?? dy.length);
  for (let e = 0; e < factors.length; e++) {
    const i = entries ? entries[e]! : e;
    const slope = dy[i]!;
    if (measure === 'product') factors[e] = slope;
    else if (measure === 'squared') factors[e] = 2 * slope;
    else factors[e] = values[i]! > 0 ? slope / values[i]! : 0;
  }
  return { factors, entries };
}

/** Where values are not 0; null where that is so of more than the limit. */
function nonZeroEntries(values: Float32Array, limit: number): Int32Array | null {
  const entries = new Int32Array(limit);
  // Bits are compared faster than numbers; without its sign −0 is 0.
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let count = 0;
  for (let i = 0; i < bits.length; i++) {
    if (bits[i]! << 1 === 0) continue;
    if (count === limit) return null;
    entries[count++] = i;
  }
  return entries.subarray(0, count);
}

interface Gradients {
  /** The same array as that of the right rows where these are the same rows. */
  readonly ofLeft: Float32Array;
  readonly ofRight: Float32Array | null;
}

/** @param both whether the right rows have a gradient, too */
function gradients(
  left: EmbeddingRows,
  right: EmbeddingRows,
  { factors, entries }: Slopes,
  measure: Measure,
  both: boolean,
): Gradients {
  if (!entries) return multiply(left, right, factors, measure !== 'product', both);
  const ofLeft = new Float32Array(left.values.length);
  const ofRight = !both ? null : left === right ? ofLeft : new Float32Array(right.values.length);
  const add = measure === 'product' ? addProducts : addDifferences;
  add(left, right, factors, entries, ofLeft, ofRight);
  return { ofLeft, ofRight };
}

function addProducts(
  { width, values: x }: EmbeddingRows,
  { count: columns, values: y }: EmbeddingRows,
  factors: Float32Array,
  entries: Int32Array,
  ofLeft: Float32Array,
  ofRight: Float32Array | null,
): void {
  for (let e = 0; e < entries.length; e++) {
    const at = entries[e]!;
    const factor = factors[e]!;
    let i = Math.floor(at / columns) * width;
    let j = (at % columns) * width;
    for (const end = i + width; i < end; i++, j++) {
      const [xi, yj] = [x[i]!, y[j]!];
      ofLeft[i]! += factor * yj;
      if (ofRight) ofRight[j]! += factor * xi;
    }
  }
}

/** Differences, not sums of products less each other: near rows would lose their digits. */
function addDifferences(
  { width, values: x }: EmbeddingRows,
  { count: columns, values: y }: EmbeddingRows,
  factors: Float32Array,
  entries: Int32Array,
  ofLeft: Float32Array,
  ofRight: Float32Array | null,
): void {
  for (let e = 0; e < entries.length; e++) {
    const at = entries[e]!;
    const factor = factors[e]!;
    let i = Math.floor(at / columns) * width;
    let j = (at % columns) * width;
    for (const end = i + width; i < end; i++, j++) {
      const change = factor * (x[i]! - y[j]!);
      ofLeft[i]! += change;
      if (ofRight) ofRight[j]! -= change;
    }
  }
}

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
  if (left === right && ofRight) {
    for (let i = 0; i < ofLeft.length; i++) ofLeft[i]! += ofRight[i]!;
    return { ofLeft, ofRight: ofLeft };
  }
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
