import { requireCount } from './checks.js';
import { MetricLengthError, ScoreError } from './errors.js';

/** Options of {@link hungarianAssignment}. */
export interface AssignmentOptions {
  /** The largest sum instead of the smallest. Default false. */
  readonly maximise?: boolean;
}

/** What {@link hungarianAssignment} returns. */
export interface Assignment {
  /** `[rows]` the column of each row; −1 where rows outnumber columns and this one stays without. */
  readonly columnOfRow: Int32Array;
  /** The sum of the chosen costs. */
  readonly cost: number;
}

/**
 * For every row of a cost function with at most as many rows as columns, its column in a cheapest assignment.
 *
 * Rows join one by one along a shortest augmenting path over reduced costs; the potentials keep those at 0 or above.
 */
function assignRows(rows: number, columns: number, costAt: (row: number, column: number) => number): Int32Array {
  const rowPotential = new Float64Array(rows);
  const columnPotential = new Float64Array(columns);
  const rowOfColumn = new Int32Array(columns).fill(-1);
  const distance = new Float64Array(columns);
  const previous = new Int32Array(columns);
  const done = new Uint8Array(columns);
  for (let newRow = 0; newRow < rows; newRow++) {
    distance.fill(Number.POSITIVE_INFINITY);
    previous.fill(-1);
    done.fill(0);
    let row = newRow;
    let reached = -1;
    let length = 0;
    for (;;) {
      let nearest = -1;
      for (let column = 0; column < columns; column++) {
        if (done[column]) continue;
        const through = length + costAt(row, column) - rowPotential[row]! - columnPotential[column]!;
        if (through < distance[column]!) {
          distance[column] = through;
          previous[column] = reached;
        }
        if (nearest < 0 || distance[column]! < distance[nearest]!) nearest = column;
      }
      length = distance[nearest]!;
      reached = nearest;
      if (rowOfColumn[reached] === -1) break;
      done[reached] = 1;
      row = rowOfColumn[reached]!;
    }
    rowPotential[newRow]! += length;
    for (let column = 0; column < columns; column++) {
      if (!done[column]) continue;
      rowPotential[rowOfColumn[column]!]! += length - distance[column]!;
      columnPotential[column]! -= length - distance[column]!;
    }
    while (reached >= 0) {
      const before = previous[reached]!;
      rowOfColumn[reached] = before < 0 ? newRow : rowOfColumn[before]!;
      reached = before;
    }
  }
  const columnOfRow = new Int32Array(rows).fill(-1);
  rowOfColumn.forEach((row, column) => {
    if (row >= 0) columnOfRow[row] = column;
  });
  return columnOfRow;
}

/**
 * The assignment of rows to columns, each used at most once, with the smallest sum of costs (linear sum assignment): the
 * Hungarian algorithm by shortest augmenting paths, O(min(rows, columns)² · max(rows, columns)).
 *
 * @param costs `[rows × columns]` row-major, finite
 * @returns min(rows, columns) pairs
 * @throws ScoreError for costs that are not finite; MetricLengthError, MetricOptionError
 * @example
 * hungarianAssignment([4, 1, 3, 2, 0, 5, 3, 2, 2], 3, 3); // columnOfRow 1, 0, 2; cost 5
 */
export function hungarianAssignment(
  costs: ArrayLike<number>,
  rows: number,
  columns: number,
  { maximise = false }: AssignmentOptions = {},
): Assignment {
  requireCount('rows', rows);
  requireCount('columns', columns);
  if (costs.length !== rows * columns) {
    throw new MetricLengthError(`expected ${rows} × ${columns} costs, got ${costs.length}`);
  }
  for (let i = 0; i < costs.length; i++) {
    if (!Number.isFinite(costs[i])) {
      throw new ScoreError(
        `costs[${Math.floor(i / columns)}, ${i % columns}]: expected a finite cost, got ${costs[i]}; use a large one for what must not be`,
      );
    }
  }
  const sign = maximise ? -1 : 1;
  let columnOfRow: Int32Array;
  if (rows <= columns) {
    columnOfRow = assignRows(rows, columns, (row, column) => sign * costs[row * columns + column]!);
  } else {
    const rowOfColumn = assignRows(columns, rows, (column, row) => sign * costs[row * columns + column]!);
    columnOfRow = new Int32Array(rows).fill(-1);
    rowOfColumn.forEach((row, column) => {
      columnOfRow[row] = column;
    });
  }
  let cost = 0;
  columnOfRow.forEach((column, row) => {
    if (column >= 0) cost += costs[row * columns + column]!;
  });
  return { columnOfRow, cost };
}
