import type { CentroidSums, Matrix } from '@tensor-papers/numerics/linalg';

/**
 * Sums and counts of the rows of each centroid, in float64, kept from one assignment to the next: only rows that went over to another
 * centroid are added and taken away, and after some updates of k-means these are few.
 */
export class RunningCentroidSums {
  readonly #rows: Matrix;
  readonly #origin: Float64Array;
  #assignments: Int32Array | undefined;
  #sums = new Float64Array(0);
  #counts = new Float64Array(0);

  constructor(rows: Matrix, origin: Float64Array) {
    this.#rows = rows;
    this.#origin = origin;
  }

  /** @param assignments one of `clusters` indices a row; kept, not copied */
  update(assignments: Int32Array, clusters: number): CentroidSums {
    const before = this.#counts.length === clusters ? this.#assignments : undefined;
    this.#assignments = assignments;
    const d = this.#rows.columns;
    if (!before || 2 * changes(before, assignments) > assignments.length) {
      this.#sums = new Float64Array(clusters * d);
      this.#counts = new Float64Array(clusters);
      for (let row = 0; row < assignments.length; row++) this.#add(row, assignments[row]!, 1);
    } else {
      for (let row = 0; row < assignments.length; row++) {
        if (before[row] === assignments[row]) continue;
        this.#add(row, before[row]!, -1);
        this.#add(row, assignments[row]!, 1);
      }
    }
    // Copies: the caller may move rows between clusters.
    return { sums: this.#sums.slice(), counts: this.#counts.slice() };
  }

  #add(row: number, cluster: number, sign: 1 | -1): void {
    const { columns: d, values } = this.#rows;
    const sums = this.#sums;
    const origin = this.#origin;
    this.#counts[cluster]! += sign;
    for (let j = 0, from = row * d, to = cluster * d; j < d; j++, from++, to++) {
      sums[to]! += sign * (values[from]! - origin[j]!);
    }
  }
}

function changes(before: Int32Array, after: Int32Array): number {
  let count = 0;
  for (let i = 0; i < after.length; i++) if (before[i] !== after[i]) count++;
  return count;
}
