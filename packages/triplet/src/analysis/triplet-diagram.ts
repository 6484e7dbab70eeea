import type * as tf from '@tensorflow/tfjs';
import { requireInteger, requireNumber } from '../checks.js';
import { cosineSimilarity } from '../distances/cosine-similarity.js';
import type { Labels } from '../labels.js';
import { easyPositiveHardNegative } from '../miners/easy-positive.js';
import type { Miner } from '../miners/miner.js';
import { type Comparison, compare, negativesOf, positivesOf } from '../pairs/comparison.js';
import { listTriplets, tripletsOfPairs } from '../pairs/convert-tuples.js';
import { requireTuples, type Triplets } from '../pairs/tuples.js';

/** Options of {@link tripletDiagram}. */
export interface TripletDiagramOptions {
  /** m ≥ 0 between easy and semi-hard. Default 0.1. */
  readonly margin?: number;
  /** Which triplets become points. Default: easy positive and hardest negative, duplicates kept. */
  readonly miner?: Miner;
  /** At most so many points, evenly spaced among the mined triplets. Default 10,000. */
  readonly maxPoints?: number;
  /** As of the easy positive miner, for the hard ratio. Default null: a collapsed batch must be seen. */
  readonly duplicateThreshold?: number | null;
}

/** What {@link tripletDiagram} returns: plain numbers, for a plot or a log. */
export interface TripletDiagram {
  /** The mined triplets, S_ap to the right and S_an up. */
  readonly points: {
    readonly anchors: Int32Array;
    readonly positives: Int32Array;
    readonly negatives: Int32Array;
    /** S_ap. */
    readonly positive: Float32Array;
    /** S_an. */
    readonly negative: Float32Array;
  };
  /** Numbers of all triplets: S_an < S_ap − m, S_ap − m ≤ S_an < S_ap, S_an = S_ap, S_an > S_ap. */
  readonly regions: {
    readonly easy: number;
    readonly semiHard: number;
    readonly boundary: number;
    readonly hard: number;
  };
  /** Share of anchors whose hardest negative is closer than their easy positive; null without anchors. */
  readonly hardRatio: number | null;
  /** Anchors with a positive and a negative. */
  readonly anchors: number;
  /** Mean cosine of two different rows, null for a single row: near 1 the embedding has collapsed. */
  readonly meanOffDiagonal: number | null;
}

/**
 * The triplet diagram of a batch: where its triplets lie on the plane of S_ap and S_an. It shows a collapse while it happens, when the loss
 * does not.
 *
 * @param embeddings `[B, D]` float32
 * @param labels `[B]` int32 or numbers
 * @throws EmbeddingsError, LabelsError, EmptyBatchError, NonFiniteError, OptionError
 * @example
 * const { regions, hardRatio } = tripletDiagram(embeddings, labels);
 */
export function tripletDiagram(
  embeddings: tf.Tensor2D,
  labels: Labels,
  { margin = 0.1, miner, maxPoints = 10_000, duplicateThreshold = null }: TripletDiagramOptions = {},
): TripletDiagram {
  requireNumber('margin', margin, { low: 0 });
  requireInteger('maxPoints', maxPoints, 1);
  const comparison = compare({ embeddings, labels, distance: cosineSimilarity() });
  const hardest = tripletsFrom(easyPositiveHardNegative({ duplicateThreshold }), comparison);
  const { positive, negative } = similarities(hardest, comparison);
  const hard = positive.reduce((count, value, i) => (negative[i]! > value ? count + 1 : count), 0);
  const anchors = positive.length;
  return {
    points: pointsOf(
      tripletsFrom(miner ?? easyPositiveHardNegative({ duplicateThreshold: null }), comparison),
      comparison,
      maxPoints,
    ),
    regions: countRegions(comparison, margin),
    hardRatio: anchors === 0 ? null : hard / anchors,
    anchors,
    meanOffDiagonal: meanOffDiagonal(comparison),
  };
}

function tripletsFrom(miner: Miner, comparison: Comparison): Triplets {
  const tuples = requireTuples(miner(comparison), comparison.rows, comparison.columns);
  if (tuples.kind === 'range') return listTriplets(comparison, tuples);
  return tuples.kind === 'pairs' ? tripletsOfPairs(tuples, comparison.rows) : tuples;
}

function similarities({ anchors, positives, negatives }: Triplets, { values, columns }: Comparison) {
  return {
    positive: Float32Array.from(anchors, (a, t) => values[a * columns + positives[t]!]!),
    negative: Float32Array.from(anchors, (a, t) => values[a * columns + negatives[t]!]!),
  };
}

function pointsOf(triplets: Triplets, comparison: Comparison, maxPoints: number): TripletDiagram['points'] {
  const count = triplets.anchors.length;
  const kept = Math.min(count, maxPoints);
  const thin = (list: Int32Array) => Int32Array.from({ length: kept }, (_, i) => list[Math.floor((i * count) / kept)]!);
  const shown: Triplets = {
    kind: 'triplets',
    anchors: thin(triplets.anchors),
    positives: thin(triplets.positives),
    negatives: thin(triplets.negatives),
  };
  const { kind: _, ...indices } = shown;
  return { ...indices, ...similarities(shown, comparison) };
}

function countRegions(comparison: Comparison, margin: number): TripletDiagram['regions'] {
  const { rows, columns, values } = comparison;
  const [same, other] = [new Int32Array(columns), new Int32Array(columns)];
  let [easy, semiHard, boundary, hard] = [0, 0, 0, 0];
  for (let a = 0; a < rows; a++) {
    const sameCount = positivesOf(comparison, a, same);
    const otherCount = sameCount === 0 ? 0 : negativesOf(comparison, a, other);
    for (let s = 0; s < sameCount; s++) {
      const positive = values[a * columns + same[s]!]!;
      for (let o = 0; o < otherCount; o++) {
        const negative = values[a * columns + other[o]!]!;
        if (negative > positive) hard++;
        else if (negative === positive) boundary++;
        else if (negative >= positive - margin) semiHard++;
        else easy++;
      }
    }
  }
  return { easy, semiHard, boundary, hard };
}

function meanOffDiagonal({ values, rows }: Comparison): number | null {
  if (rows < 2) return null;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  for (let i = 0; i < rows; i++) sum -= values[i * rows + i]!;
  return sum / (rows * (rows - 1));
}
