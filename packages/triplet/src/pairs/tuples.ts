import { OptionError, TuplesError } from '../errors.js';

/** Triplets as rows of indices: anchors among the batch, positives and negatives among the reference set (or the batch). */
export interface Triplets {
  readonly kind: 'triplets';
  readonly anchors: Int32Array;
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
}

/** Positive pairs (`anchors`, `positives`) and negative pairs (`negativeAnchors`, `negatives`), two lists of their own. */
export interface Pairs {
  readonly kind: 'pairs';
  readonly anchors: Int32Array;
  readonly positives: Int32Array;
  readonly negativeAnchors: Int32Array;
  readonly negatives: Int32Array;
}

/**
 * All triplets whose gap lies in (`above`, `upTo`], never listed: the gap is how much closer the positive is than the negative,
 * S_ap − S_an or d_an − d_ap. It takes no memory however many triplets it stands for.
 */
export interface TripletRange {
  readonly kind: 'range';
  readonly above: number;
  readonly upTo: number;
}

/** What a miner chooses, and a loss takes. */
export type Tuples = Triplets | Pairs | TripletRange;

/** Every valid triplet. */
export const ALL_TRIPLETS: TripletRange = {
  kind: 'range',
  above: Number.NEGATIVE_INFINITY,
  upTo: Number.POSITIVE_INFINITY,
};

type Indices = ArrayLike<number>;

/** Triplets of your own. The lists are copied. @throws TuplesError for lists of different lengths */
export function triplets(anchors: Indices, positives: Indices, negatives: Indices): Triplets {
  if (anchors.length !== positives.length || anchors.length !== negatives.length) {
    throw new TuplesError(
      `triplets: expected three lists of one length, got ${anchors.length}, ${positives.length} and ${negatives.length}`,
    );
  }
  return {
    kind: 'triplets',
    anchors: new Int32Array(anchors),
    positives: new Int32Array(positives),
    negatives: new Int32Array(negatives),
  };
}

/** Pairs of your own. The lists are copied. @throws TuplesError for lists of different lengths */
export function pairs(
  anchors: Indices,
  positives: Indices,
  negativeAnchors: Indices = [],
  negatives: Indices = [],
): Pairs {
  if (anchors.length !== positives.length || negativeAnchors.length !== negatives.length) {
    throw new TuplesError(
      `pairs: expected lists of one length, got ${anchors.length} anchors with ${positives.length} positives, ` +
        `${negativeAnchors.length} anchors with ${negatives.length} negatives`,
    );
  }
  return {
    kind: 'pairs',
    anchors: new Int32Array(anchors),
    positives: new Int32Array(positives),
    negativeAnchors: new Int32Array(negativeAnchors),
    negatives: new Int32Array(negatives),
  };
}

function requireIndices(what: string, indices: Int32Array, bound: number): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(index >= 0 && index < bound)) {
      throw new TuplesError(`${what}[${i}]: expected an index 0 … ${bound - 1}, got ${index}`);
    }
  }
}

/** The tuples; throws where an index lies outside the comparison. */
export function requireTuples(tuples: Tuples, rows: number, columns: number): Tuples {
  if (tuples.kind === 'range') {
    if (Number.isNaN(tuples.above) || Number.isNaN(tuples.upTo)) {
      throw new OptionError(`range: expected two numbers, got (${tuples.above}, ${tuples.upTo}]`);
    }
    return tuples;
  }
  requireIndices('anchors', tuples.anchors, rows);
  requireIndices('positives', tuples.positives, columns);
  requireIndices('negatives', tuples.negatives, columns);
  if (tuples.kind === 'pairs') requireIndices('negativeAnchors', tuples.negativeAnchors, rows);
  return tuples;
}
