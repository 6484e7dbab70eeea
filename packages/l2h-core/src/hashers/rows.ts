import type { Matrix } from '@tensor-papers/numerics/linalg';

/** A matrix in float64. */
export type Matrix64 = Matrix & { readonly values: Float64Array };

/** Numbers of a block of vectors, and the most vectors of one, which bounds what is computed of them. */
const blockNumbers = 2 ** 20;
const blockRows = 16384;

/** First and end of the blocks that vectors are taken in. */
export function* rowBlocks(rows: number, columns: number): Generator<readonly [start: number, end: number]> {
  const step = Math.min(blockRows, Math.max(1, Math.floor(blockNumbers / columns)));
  for (let start = 0; start < rows; start += step) yield [start, Math.min(rows, start + step)];
}

/** A float64 copy of rows start … end − 1. */
export function copyRows({ columns, values }: Matrix, start: number, end: number): Matrix64 {
  return { rows: end - start, columns, values: Float64Array.from(values.subarray(start * columns, end * columns)) };
}

/** A copy of rows at some places, in their number format. */
export function takeRows({ columns, values }: Matrix, indices: ArrayLike<number>): Matrix {
  const size = indices.length * columns;
  const taken = values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < indices.length; i++) {
    taken.set(values.subarray(indices[i]! * columns, (indices[i]! + 1) * columns), i * columns);
  }
  return { rows: indices.length, columns, values: taken };
}

/** A float64 copy of rows start … end − 1, scaled to length 1. */
export function normalizedRows(matrix: Matrix, start: number, end: number): Matrix64 {
  const copy = copyRows(matrix, start, end);
  normalizeRows(copy);
  return copy;
}

/** Scales every row to length 1, in place; rows of zeros stay. */
export function normalizeRows({ rows, columns, values }: Matrix): void {
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns);
    const length = lengthOf(row);
    if (length > 0) for (let j = 0; j < columns; j++) row[j] = row[j]! / length;
  }
}

function lengthOf(row: Float32Array | Float64Array): number {
  let squares = 0;
  for (let j = 0; j < row.length; j++) squares += row[j]! ** 2;
  return Math.sqrt(squares);
}

/** The signs as −1 and 1; that of 0 is 1. */
export const signsOf = (values: Float64Array): Float64Array => values.map((value) => (value >= 0 ? 1 : -1));

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export function transposed({ rows, columns, values }: Matrix64): Float64Array {
  const turned = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j]!;
  return turned;
}

/** Whether the entry of largest absolute value, the first such, is negative. */
export function isNegativeWhereLargest(values: Float64Array): boolean {
  return values.reduce((largest, value) => (Math.abs(value) > Math.abs(largest) ? value : largest), 0) < 0;
}
