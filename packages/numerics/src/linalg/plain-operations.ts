import type { Matrix } from './matrix.js';
import type { MatrixOperations, MultiplyOptions, Scatter } from './matrix-operations.js';
import { PlainHeldRows } from './plain-held-rows.js';
import { addRowProducts } from './row-products.js';

/** Rows, columns or terms that are copied to float64 at once. */
const BLOCK = 256;

/**
 * Matrix operations in plain JavaScript, in float64, with constant memory beside their results. Needs no engine; a product makes about 10⁹
 * multiplications a second.
 */
export function plainOperations(): MatrixOperations {
  return {
    precision: 'float64',
    multiply: async (a, b, options) => multiply(a, b, options),
    scatter: async (rows, origin) => scatter(rows, origin),
    holdRows: (rows, origin) => new PlainHeldRows(rows, origin),
  };
}

function multiply(a: Matrix, b: Matrix, { transposeA = false, transposeB = false }: MultiplyOptions = {}): Matrix {
  const [m, k] = transposeA ? [a.columns, a.rows] : [a.rows, a.columns];
  const n = transposeB ? b.rows : b.columns;
  const product = new Float64Array(m * n);
  for (let from = 0; from < k; from += BLOCK) {
    const terms = Math.min(BLOCK, k - from);
    const right = pack(b, !transposeB, 0, n, from, terms);
    for (let row = 0; row < m; row += BLOCK) {
      const rows = Math.min(BLOCK, m - row);
      const left = pack(a, transposeA, row, rows, from, terms);
      addRowProducts(left, right, product.subarray(row * n, (row + rows) * n), { m: rows, n, k: terms });
    }
  }
  const single = a.values instanceof Float32Array && b.values instanceof Float32Array;
  return { rows: m, columns: n, values: single ? Float32Array.from(product) : product };
}

/** Part of the matrix, or of its transpose, as float64 `[rows × columns]`. */
function pack(
  matrix: Matrix,
  transpose: boolean,
  row: number,
  rows: number,
  column: number,
  columns: number,
): Float64Array {
  const { values, columns: width } = matrix;
  const packed = new Float64Array(rows * columns);
  if (!transpose) {
    for (let i = 0; i < rows; i++) {
      const start = (row + i) * width + column;
      packed.set(values.subarray(start, start + columns), i * columns);
    }
    return packed;
  }
  for (let j = 0; j < columns; j++) {
    const start = (column + j) * width + row;
    for (let i = 0; i < rows; i++) packed[i * columns + j] = values[start + i]!;
  }
  return packed;
}

function scatter({ rows, columns: d, values }: Matrix, origin: Float64Array): Scatter {
  const sums = new Float64Array(d);
  const products = new Float64Array(d * d);
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from);
    const centred = new Float64Array(d * count); // [d × count]
    for (let i = 0; i < count; i++) {
      const start = (from + i) * d;
      for (let j = 0; j < d; j++) {
        const value = values[start + j]! - origin[j]!;
        centred[j * count + i] = value;
        sums[j]! += value;
      }
    }
    addRowProducts(centred, centred, products, { m: d, n: d, k: count }, true);
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) products[j * d + i] = products[i * d + j]!;
  return { sums, products };
}
