import type { Matrix, MatrixOperations } from '@tensor-papers/numerics/linalg';
import { SmallestK } from '../src/quantizers/smallest-k.js';

const blockRows = 5_000;

const squaredNorms = ({ rows, columns, values }: Matrix) =>
  Float64Array.from({ length: rows }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += values[i * columns + j]! ** 2;
    return sum;
  });

/** The k nearest rows of the database to each query by Euclidean distance, nearest first. */
export async function trueNeighbors(
  queries: Matrix,
  database: Matrix,
  k: number,
  operations: MatrixOperations,
): Promise<Int32Array[]> {
  const nearest = Array.from({ length: queries.rows }, () => new SmallestK(k));
  const norms = squaredNorms(database);
  for (let start = 0; start < database.rows; start += blockRows) {
    const rows = Math.min(blockRows, database.rows - start);
    const values = database.values.subarray(start * database.columns, (start + rows) * database.columns);
    const products = await operations.multiply(
      queries,
      { rows, columns: database.columns, values },
      { transposeB: true },
    );
    for (let q = 0; q < queries.rows; q++) {
      for (let i = 0; i < rows; i++) {
        // Without ‖q‖², which all distances of a query have in common.
        nearest[q]!.add(norms[start + i]! - 2 * products.values[q * rows + i]!, start + i);
      }
    }
  }
  return nearest.map((each) => Int32Array.from(each.sorted(), ({ id }) => id));
}

/** How well found neighbours agree with the true ones. */
export interface NeighborRecall {
  /** Share of queries whose nearest neighbour is among the first 1, 10, 100 found. */
  readonly 'r1@1': number;
  readonly 'r1@10': number;
  readonly 'r1@100': number;
  /** Share of the ten nearest among the first ten found. */
  readonly '10-recall@10': number;
}

/** @param found of each query the places, nearest first, at least 100 or all; as a percentage */
export function neighborRecall(found: readonly ArrayLike<number>[], truth: readonly Int32Array[]): NeighborRecall {
  const share = (of: (query: number) => number) => (100 * truth.reduce((sum, _, q) => sum + of(q), 0)) / truth.length;
  const first = (q: number, n: number) =>
    Array.from({ length: Math.min(n, found[q]!.length) }, (_, i) => found[q]![i]!);
  const hasNearest = (n: number) => share((q) => Number(first(q, n).includes(truth[q]![0]!)));
  return {
    'r1@1': hasNearest(1),
    'r1@10': hasNearest(10),
    'r1@100': hasNearest(100),
    '10-recall@10': share((q) => {
      const ten = new Set(truth[q]!.subarray(0, 10));
      return first(q, 10).filter((id) => ten.has(id)).length / ten.size;
    }),
  };
}
