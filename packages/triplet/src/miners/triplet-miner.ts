import type { Rng } from '@tensor-papers/numerics/random';
import { requireNumber, requireOneOf } from '../checks.js';
import { OptionError } from '../errors.js';
import { MISSING } from '../labels.js';
import { type Comparison, negativesOf, positivesOf } from '../pairs/comparison.js';
import { IndexList } from '../pairs/index-list.js';
import { ALL_TRIPLETS } from '../pairs/tuples.js';
import type { Miner } from './miner.js';

/** Which positive of an anchor. */
export type PositiveChoice = 'easy' | 'hard' | 'all' | 'random';

/** Which negative of an anchor and its positive. */
export type NegativeChoice = 'hardest' | 'semiHard' | 'semiHardStrict' | 'faceNet' | 'easiest' | 'all' | 'random';

/** Options of {@link tripletMiner}. */
export interface TripletMinerOptions {
  readonly positive: PositiveChoice;
  readonly negative: NegativeChoice;
  /**
   * Positives with a cosine above this are duplicates, which an easy positive leaves out; null keeps them. Default 0.9999 (authors' code)
   * where the distance decides a cosine. In a collapsed batch it leaves no triplet at all, which hides the collapse: look at the
   * triplet diagram.
   */
  readonly duplicateThreshold?: number | null;
  /** Needed for a random choice; each call draws from it. */
  readonly rng?: Rng;
}

const DUPLICATE = 0.9999;
const POSITIVES: readonly PositiveChoice[] = ['easy', 'hard', 'all', 'random'];
const NEGATIVES: readonly NegativeChoice[] = [
  'hardest',
  'semiHard',
  'semiHardStrict',
  'faceNet',
  'easiest',
  'all',
  'random',
];

/**
 * One positive and one negative an anchor (or all of them), by closeness.
 *
 * | positive | |
 * |---|---|
 * | `easy` | the closest that is no duplicate |
 * | `hard` | the farthest |
 * | `all`, `random` | each; one at random |
 *
 * | negative | |
 * |---|---|
 * | `hardest` | the closest |
 * | `semiHard` | the closest that is not closer than the positive; ties stay (authors' code). None: no triplet |
 * | `semiHardStrict` | the closest that is farther than the positive. None: no triplet |
 * | `faceNet` | as `semiHardStrict`; none: the farthest of all |
 * | `easiest` | the farthest |
 * | `all`, `random` | each; one at random |
 *
 * Ties go to the lowest index. Anchors without a positive or a negative give no triplet. The third meaning of semi-hard, all negatives
 * inside a margin, is `marginTriplets`.
 *
 * @throws OptionError; the miner itself too, where a duplicate threshold meets a distance that decides no cosine
 */
export function tripletMiner({ positive, negative, duplicateThreshold, rng }: TripletMinerOptions): Miner {
  requireOneOf('positive', positive, POSITIVES);
  requireOneOf('negative', negative, NEGATIVES);
  if (duplicateThreshold !== undefined && duplicateThreshold !== null) {
    requireNumber('duplicateThreshold', duplicateThreshold);
  }
  if (!rng && (positive === 'random' || negative === 'random')) {
    throw new OptionError('tripletMiner: a random choice needs an rng, got none');
  }
  if (positive === 'all' && negative === 'all') return () => ALL_TRIPLETS;
  return (comparison) => {
    const isDuplicate = duplicateTest(comparison, positive, duplicateThreshold);
    const { rows, columns, values, sign, labels, referenceLabels } = comparison;
    const [same, other] = [new Int32Array(columns), new Int32Array(columns)];
    const [anchors, positives, negatives] = [new IndexList(rows), new IndexList(rows), new IndexList(rows)];
    for (let a = 0; a < rows; a++) {
      const row = { values: values.subarray(a * columns, (a + 1) * columns), sign, label: labels[a]!, referenceLabels };
      let sameCount = positivesOf(comparison, a, same);
      if (isDuplicate) sameCount = keep(same, sameCount, (column) => !isDuplicate(row.values[column]!));
      if (sameCount === 0) continue;
      const otherCount = negative === 'all' || negative === 'random' ? negativesOf(comparison, a, other) : 0;
      for (const p of choosePositives(positive, same, sameCount, row, rng)) {
        const add = (n: number) => {
          anchors.push(a);
          positives.push(p);
          negatives.push(n);
        };
        if (negative === 'all') for (let o = 0; o < otherCount; o++) add(other[o]!);
        else if (negative !== 'random') addFound(chooseNegative(negative, row, sign * row.values[p]!), add);
        else if (otherCount > 0) add(other[rng!.integer(otherCount)]!);
      }
    }
    return {
      kind: 'triplets',
      anchors: anchors.toArray(),
      positives: positives.toArray(),
      negatives: negatives.toArray(),
    };
  };
}

function addFound(negative: number, add: (negative: number) => void): void {
  if (negative >= 0) add(negative);
}

/** What an anchor is compared with: sign · value is closeness. */
interface Row {
  readonly values: Float32Array;
  readonly sign: 1 | -1;
  readonly label: number;
  readonly referenceLabels: Int32Array;
}

function duplicateTest({ distance }: Comparison, positive: PositiveChoice, given: number | null | undefined) {
  if (positive !== 'easy' || given === null) return null;
  const { toCosine } = distance;
  if (!toCosine) {
    if (given === undefined) return null;
    throw new OptionError(
      `duplicateThreshold: is a cosine, which distance '${distance.name}' of rows of any length does not decide; ` +
        'expected null, or a distance between unit rows',
    );
  }
  const bound = Math.fround(given ?? DUPLICATE);
  return (value: number) => toCosine(value) > bound;
}

function keep(columns: Int32Array, count: number, test: (column: number) => boolean): number {
  let kept = 0;
  for (let i = 0; i < count; i++) if (test(columns[i]!)) columns[kept++] = columns[i]!;
  return kept;
}

function choosePositives(
  choice: PositiveChoice,
  same: Int32Array,
  count: number,
  { values, sign }: Row,
  rng: Rng | undefined,
): Int32Array | number[] {
  if (choice === 'all') return same.subarray(0, count);
  if (choice === 'random') return [same[rng!.integer(count)]!];
  // The easy positive is the closest one, the hard one that with the largest negative closeness.
  const towards = choice === 'easy' ? sign : -sign;
  let found = same[0]!;
  for (let i = 1; i < count; i++) if (towards * values[same[i]!]! > towards * values[found]!) found = same[i]!;
  return [found];
}

/** The column of the negative, −1 where there is none. */
function chooseNegative(choice: Exclude<NegativeChoice, 'all' | 'random'>, row: Row, positive: number): number {
  switch (choice) {
    case 'easiest':
      return farthestNegative(row);
    case 'hardest':
      return closestOfAll(row);
    case 'semiHard':
      return closestNegative(row, positive, true);
    default: {
      const found = closestNegative(row, positive, false);
      return found < 0 && choice === 'faceNet' ? farthestNegative(row) : found;
    }
  }
}

/** The closest negative below a bound, or at it where `ties`. */
function closestNegative({ values, sign, label, referenceLabels }: Row, bound: number, ties: boolean): number {
  let best = Number.NEGATIVE_INFINITY;
  let found = -1;
  for (let j = 0; j < values.length; j++) {
    const closeness = sign * values[j]!;
    if ((closeness > best || found < 0) && (ties ? closeness <= bound : closeness < bound)) {
      const other = referenceLabels[j]!;
      if (other === label || other === MISSING) continue;
      best = closeness;
      found = j;
    }
  }
  return found;
}

/** Of all negatives the first with the largest value, or the smallest, −1 where there is none. */
function extremeNegative({ values, label, referenceLabels }: Row, towards: 1 | -1): number {
  let best = Number.NEGATIVE_INFINITY;
  let found = -1;
  for (let j = 0; j < values.length; j++) {
    const value = towards * values[j]!;
    if (value > best || found < 0) {
      const other = referenceLabels[j]!;
      if (other === label || other === MISSING) continue;
      best = value;
      found = j;
    }
  }
  return found;
}

const closestOfAll = (row: Row) => extremeNegative(row, row.sign);
const farthestNegative = (row: Row) => extremeNegative(row, row.sign === 1 ? -1 : 1);
