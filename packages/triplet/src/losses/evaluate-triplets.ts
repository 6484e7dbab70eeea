import { OptionError } from '../errors.js';
import { type Comparison, negativesOf, positivesOf } from '../pairs/comparison.js';
import { tripletsOfPairs } from '../pairs/convert-tuples.js';
import type { TripletRange, Triplets, Tuples } from '../pairs/tuples.js';
import type { AnchorTotals, Reducer } from '../reducers/reducer.js';
import type { Evaluation } from './batch-loss.js';
import { type TermOutput, type TripletTerm, termOutput } from './triplet-term.js';

/** How triplets become one number. */
export interface TripletSettings {
  readonly term: TripletTerm;
  readonly reducer: Reducer;
  /** Takes the positive–negative similarity in place of the anchor's where it is larger. */
  readonly swap?: boolean;
}

/** The loss of the chosen triplets and its gradient. No valid triplet: 0, with zero gradient. */
export function evaluateTriplets(comparison: Comparison, tuples: Tuples, settings: TripletSettings): Evaluation {
  if (settings.swap && !comparison.within) {
    throw new OptionError('swap: needs the distances of positives to negatives, which a reference set does not give');
  }
  if (tuples.kind === 'range') return evaluateRange(comparison, tuples, settings);
  const triplets = tuples.kind === 'triplets' ? tuples : tripletsOfPairs(tuples, comparison.rows);
  return evaluateList(comparison, triplets, settings);
}

const partTotals = ({ rows, labels }: Comparison, parts: number): AnchorTotals[] =>
  Array.from({ length: parts }, () => ({ sums: new Float64Array(rows), counts: new Float64Array(rows), labels }));

function reduceParts(totals: AnchorTotals[], reducer: Reducer): { value: number; scales: Float64Array[] } {
  const reductions = totals.map((part) => reducer.reduce(part));
  return {
    value: reductions.reduce((sum, { value }) => sum + value, 0),
    scales: reductions.map(({ scales }) => scales),
  };
}

/** Listed triplets: one call of the term for all, then one pass that scatters its slopes. */
function evaluateList(
  comparison: Comparison,
  { anchors, positives, negatives }: Triplets,
  { term, reducer, swap = false }: TripletSettings,
): Evaluation {
  const { values, columns, sign } = comparison;
  const count = anchors.length;
  const [positive, negative] = [new Float64Array(count), new Float64Array(count)];
  const swapped = swap ? new Uint8Array(count) : null;
  for (let t = 0; t < count; t++) {
    positive[t] = sign * values[anchors[t]! * columns + positives[t]!]!;
    let closeness = sign * values[anchors[t]! * columns + negatives[t]!]!;
    if (swapped) {
      const other = sign * values[positives[t]! * columns + negatives[t]!]!;
      if (other > closeness) {
        closeness = other;
        swapped[t] = 1;
      }
    }
    negative[t] = closeness;
  }
  const output = termOutput(count);
  term.evaluate(positive, negative, count, output);
  const { loss, positiveSlope, negativeSlope, part } = output;
  const { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY } = reducer;
  const totals = partTotals(comparison, term.parts ?? 1);
  for (let t = 0; t < count; t++) {
    if (!(loss[t]! > above && loss[t]! < below)) continue;
    const { sums, counts } = totals[part[t]!]!;
    sums[anchors[t]!]! += loss[t]!;
    counts[anchors[t]!]!++;
  }
  const { value, scales } = reduceParts(totals, reducer);
  const gradient = new Float32Array(values.length);
  for (let t = 0; t < count; t++) {
    if (!(loss[t]! > above && loss[t]! < below)) continue;
    const anchor = anchors[t]!;
    const scale = sign * scales[part[t]!]![anchor]!;
    const negativeRow = swapped?.[t] ? positives[t]! : anchor;
    gradient[anchor * columns + positives[t]!]! += scale * positiveSlope[t]!;
    gradient[negativeRow * columns + negatives[t]!]! += scale * negativeSlope[t]!;
  }
  return { value, gradient };
}

/** One positive pair with the negatives of its anchor. */
interface Block {
  readonly anchor: number;
  readonly positive: number;
  readonly negatives: Int32Array;
  readonly count: number;
  readonly output: TermOutput;
  /** Which negatives are those of the positive, not of the anchor. */
  readonly swapped: Uint8Array;
  /** Which lie in the range. */
  readonly inRange: Uint8Array | null;
}

/** Triplets in a range: anchor by anchor, positive by positive, with memory for one row of negatives. */
function evaluateRange(comparison: Comparison, range: TripletRange, settings: TripletSettings): Evaluation {
  const { term, reducer, swap = false } = settings;
  const parts = term.parts ?? 1;
  const totals = partTotals(comparison, parts);
  if (parts === 1 && !swap) {
    const gradient = new Float32Array(comparison.values.length);
    const { visit, endAnchor } = rowAccumulator(comparison, reducer, totals[0]!, gradient);
    forEachBlock(comparison, range, settings, visit, endAnchor);
    const { value, scales } = reduceParts(totals, reducer);
    scaleRows(comparison, gradient, scales[0]!);
    return { value, gradient };
  }
  // Where slopes land in other rows than the anchor's, or two parts have scales of their own, scales come first.
  forEachBlock(comparison, range, settings, totalsAccumulator(reducer, totals));
  const { value, scales } = reduceParts(totals, reducer);
  const gradient = new Float32Array(comparison.values.length);
  forEachBlock(comparison, range, settings, scatterBlock(comparison, reducer, scales, gradient));
  return { value, gradient };
}

function forEachBlock(
  comparison: Comparison,
  { above, upTo }: TripletRange,
  { term, swap = false }: TripletSettings,
  visit: (block: Block) => void,
  endAnchor: (anchor: number, negatives: Int32Array, count: number) => void = () => {},
): void {
  const { rows, columns, values, sign } = comparison;
  const [same, negatives] = [new Int32Array(columns), new Int32Array(columns)];
  const [positive, negative] = [new Float64Array(columns), new Float64Array(columns)];
  const taken = swap ? new Float64Array(columns) : negative;
  const swapped = new Uint8Array(columns);
  const everything = above === Number.NEGATIVE_INFINITY && upTo === Number.POSITIVE_INFINITY;
  const inRange = everything ? null : new Uint8Array(columns);
  const output = termOutput(columns);
  for (let anchor = 0; anchor < rows; anchor++) {
    const sameCount = positivesOf(comparison, anchor, same);
    const count = sameCount === 0 ? 0 : negativesOf(comparison, anchor, negatives);
    if (count === 0) continue;
    const row = anchor * columns;
    for (let j = 0; j < count; j++) negative[j] = sign * values[row + negatives[j]!]!;
    for (let s = 0; s < sameCount; s++) {
      const closeness = sign * values[row + same[s]!]!;
      positive.fill(closeness, 0, count);
      if (inRange) {
        for (let j = 0; j < count; j++) {
          const gap = closeness - negative[j]!;
          inRange[j] = gap > above && gap <= upTo ? 1 : 0;
        }
      }
      if (swap) {
        const other = same[s]! * columns;
        for (let j = 0; j < count; j++) {
          const ofPositive = sign * values[other + negatives[j]!]!;
          swapped[j] = ofPositive > negative[j]! ? 1 : 0;
          taken[j] = swapped[j] ? ofPositive : negative[j]!;
        }
      }
      term.evaluate(positive, taken, count, output);
      visit({ anchor, positive: same[s]!, negatives, count, output, swapped, inRange });
    }
    endAnchor(anchor, negatives, count);
  }
}

/** Adds blocks to the totals and, without the scale, to the anchor's row of the gradient. */
function rowAccumulator(
  { columns, sign }: Comparison,
  reducer: Reducer,
  { sums, counts }: AnchorTotals,
  gradient: Float32Array,
) {
  const ofNegatives = new Float64Array(columns);
  const visit = ({ anchor, positive, count, output, inRange }: Block) => {
    // Locals: the loop would read a closure's variables each time.
    const { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY } = reducer;
    const { loss, positiveSlope, negativeSlope } = output;
    const slopes = ofNegatives;
    let sum = 0;
    let elements = 0;
    let slope = 0;
    for (let j = 0; j < count; j++) {
      const value = loss[j]!;
      if (value > above && value < below && (inRange === null || inRange[j] === 1)) {
        sum += value;
        elements++;
        slope += positiveSlope[j]!;
        slopes[j] = slopes[j]! + negativeSlope[j]!;
      }
    }
    sums[anchor]! += sum;
    counts[anchor]! += elements;
    gradient[anchor * columns + positive] = sign * slope;
  };
  const endAnchor = (anchor: number, negatives: Int32Array, count: number) => {
    for (let j = 0; j < count; j++) gradient[anchor * columns + negatives[j]!] = sign * ofNegatives[j]!;
    ofNegatives.fill(0, 0, count);
  };
  return { visit, endAnchor };
}

function totalsAccumulator(
  { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY }: Reducer,
  totals: AnchorTotals[],
) {
  return ({ anchor, count, output: { loss, part }, inRange }: Block) => {
    for (let j = 0; j < count; j++) {
      if (!(loss[j]! > above && loss[j]! < below) || inRange?.[j] === 0) continue;
      const { sums, counts } = totals[part[j]!]!;
      sums[anchor]! += loss[j]!;
      counts[anchor]!++;
    }
  };
}

function scatterBlock(
  { columns, sign }: Comparison,
  { above = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY }: Reducer,
  scales: Float64Array[],
  gradient: Float32Array,
) {
  return ({ anchor, positive, negatives, count, output, swapped, inRange }: Block) => {
    const { loss, positiveSlope, negativeSlope, part } = output;
    for (let j = 0; j < count; j++) {
      if (!(loss[j]! > above && loss[j]! < below) || inRange?.[j] === 0) continue;
      const scale = sign * scales[part[j]!]![anchor]!;
      gradient[anchor * columns + positive]! += scale * positiveSlope[j]!;
      gradient[(swapped[j] ? positive : anchor) * columns + negatives[j]!]! += scale * negativeSlope[j]!;
    }
  };
}

function scaleRows({ rows, columns }: Comparison, gradient: Float32Array, scales: Float64Array): void {
  for (let row = 0, at = 0; row < rows; row++) {
    const scale = scales[row]!;
    for (let j = 0; j < columns; j++, at++) gradient[at] = scale * gradient[at]!;
  }
}
