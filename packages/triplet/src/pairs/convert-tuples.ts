import { type Comparison, negativesOf, positivesOf } from './comparison.js';
import { IndexList } from './index-list.js';
import type { Pairs, TripletRange, Triplets, Tuples } from './tuples.js';

/** The triplets of a range, listed: ordered by anchor, positive, negative. */
export function listTriplets(comparison: Comparison, { above, upTo }: TripletRange): Triplets {
  const { rows, columns, values, sign } = comparison;
  const [anchors, positives, negatives] = [new IndexList(), new IndexList(), new IndexList()];
  const [same, other] = [new Int32Array(columns), new Int32Array(columns)];
  for (let a = 0; a < rows; a++) {
    const sameCount = positivesOf(comparison, a, same);
    const otherCount = sameCount === 0 ? 0 : negativesOf(comparison, a, other);
    for (let s = 0; s < sameCount; s++) {
      const positive = sign * values[a * columns + same[s]!]!;
      for (let o = 0; o < otherCount; o++) {
        const gap = positive - sign * values[a * columns + other[o]!]!;
        if (!(gap > above && gap <= upTo)) continue;
        anchors.push(a);
        positives.push(same[s]!);
        negatives.push(other[o]!);
      }
    }
  }
  return {
    kind: 'triplets',
    anchors: anchors.toArray(),
    positives: positives.toArray(),
    negatives: negatives.toArray(),
  };
}

/** Which entries of a list belong to which row. */
export interface ByRow {
  /** Entries of row r: `order[starts[r]]` … `order[starts[r + 1] − 1]`. */
  readonly starts: Int32Array;
  readonly order: Int32Array;
}

/** Groups a list of rows; within a row the order stays. */
export function groupByRow(anchors: Int32Array, rows: number): ByRow {
  const starts = new Int32Array(rows + 1);
  for (const anchor of anchors) starts[anchor + 1]!++;
  for (let row = 0; row < rows; row++) starts[row + 1]! += starts[row]!;
  const next = starts.slice();
  const order = new Int32Array(anchors.length);
  for (let i = 0; i < anchors.length; i++) order[next[anchors[i]!]!++] = i;
  return { starts, order };
}

/** Pairs as triplets: each positive pair with each negative pair of its anchor. */
export function tripletsOfPairs({ anchors, positives, negativeAnchors, negatives }: Pairs, rows: number): Triplets {
  const { starts, order } = groupByRow(negativeAnchors, rows);
  const [a, p, n] = [new IndexList(), new IndexList(), new IndexList()];
  for (let i = 0; i < anchors.length; i++) {
    const anchor = anchors[i]!;
    for (let k = starts[anchor]!; k < starts[anchor + 1]!; k++) {
      a.push(anchor);
      p.push(positives[i]!);
      n.push(negatives[order[k]!]!);
    }
  }
  return { kind: 'triplets', anchors: a.toArray(), positives: p.toArray(), negatives: n.toArray() };
}

/** Tuples as pairs: each triplet gives its positive and its negative pair. */
export function toPairs(comparison: Comparison, tuples: Tuples): Pairs {
  if (tuples.kind === 'pairs') return tuples;
  const { anchors, positives, negatives } = tuples.kind === 'range' ? listTriplets(comparison, tuples) : tuples;
  return { kind: 'pairs', anchors, positives, negativeAnchors: anchors, negatives };
}
