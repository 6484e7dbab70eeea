import { type Comparison, negativesOf, positivesOf } from '../pairs/comparison.js';
import { groupByRow, toPairs } from '../pairs/convert-tuples.js';
import { ALL_TRIPLETS, type Tuples } from '../pairs/tuples.js';
import type { AnchorTotals, Reducer } from '../reducers/reducer.js';
import type { Evaluation } from './batch-loss.js';
import type { RowTerm } from './row-term.js';

/** Writes the columns of a row's positives and negatives; returns how many of each. */
type RowReader = (row: number, positives: Int32Array, negatives: Int32Array) => readonly [number, number];

/** The loss of the chosen pairs, anchor by anchor, and its gradient. */
export function evaluateRows(comparison: Comparison, tuples: Tuples, term: RowTerm, reducer: Reducer): Evaluation {
  const { rows, columns, values, sign, labels } = comparison;
  const { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY } = reducer;
  const { read, widest } = rowReader(comparison, tuples);
  const [same, other] = [new Int32Array(widest), new Int32Array(widest)];
  const [positives, negatives] = [new Float64Array(widest), new Float64Array(widest)];
  const slopes = { positives: new Float64Array(widest), negatives: new Float64Array(widest) };
  const parts = term.parts ?? 1;
  const totals: AnchorTotals[] = Array.from({ length: parts }, () => ({
    sums: new Float64Array(rows),
    counts: new Float64Array(rows),
    labels,
  }));
  const ofPositives = new Float32Array(values.length);
  const ofNegatives = parts === 2 ? new Float32Array(values.length) : ofPositives;
  let anchor = 0;
  const emit = (loss: number, part: 0 | 1 = 0) => {
    if (!(loss > above && loss < below)) return false;
    const { sums, counts } = totals[part]!;
    sums[anchor]! += loss;
    counts[anchor]!++;
    return true;
  };
  for (; anchor < rows; anchor++) {
    const [positiveCount, negativeCount] = read(anchor, same, other);
    const row = anchor * columns;
    for (let k = 0; k < positiveCount; k++) positives[k] = sign * values[row + same[k]!]!;
    for (let k = 0; k < negativeCount; k++) negatives[k] = sign * values[row + other[k]!]!;
    slopes.positives.fill(0, 0, positiveCount);
    slopes.negatives.fill(0, 0, negativeCount);
    term.evaluate({ positives, positiveCount, negatives, negativeCount }, emit, slopes);
    for (let k = 0; k < positiveCount; k++) ofPositives[row + same[k]!]! += sign * slopes.positives[k]!;
    for (let k = 0; k < negativeCount; k++) ofNegatives[row + other[k]!]! += sign * slopes.negatives[k]!;
  }
  const reductions = totals.map((part) => reducer.reduce(part));
  const gradient = ofPositives;
  const [first, second = first] = reductions.map(({ scales }) => scales) as [Float64Array, Float64Array?];
  for (let row = 0, at = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++, at++) {
      gradient[at] = first[row]! * ofPositives[at]! + (parts === 2 ? second[row]! * ofNegatives[at]! : 0);
    }
  }
  return { value: reductions.reduce((sum, { value }) => sum + value, 0), gradient };
}

function rowReader(comparison: Comparison, tuples: Tuples): { read: RowReader; widest: number } {
  if (tuples === ALL_TRIPLETS) {
    const read: RowReader = (row, same, other) => [
      positivesOf(comparison, row, same),
      negativesOf(comparison, row, other),
    ];
    return { read, widest: comparison.columns };
  }
  const chosen = toPairs(comparison, tuples);
  const positives = groupByRow(chosen.anchors, comparison.rows);
  const negatives = groupByRow(chosen.negativeAnchors, comparison.rows);
  const copy = ({ starts, order }: typeof positives, columns: Int32Array, row: number, into: Int32Array) => {
    const start = starts[row]!;
    const count = starts[row + 1]! - start;
    for (let k = 0; k < count; k++) into[k] = columns[order[start + k]!]!;
    return count;
  };
  return {
    read: (row, same, other) => [
      copy(positives, chosen.positives, row, same),
      copy(negatives, chosen.negatives, row, other),
    ],
    // A pair may be listed more than once, so a row may hold more pairs than there are columns.
    widest: Math.max(chosen.anchors.length, chosen.negativeAnchors.length),
  };
}
