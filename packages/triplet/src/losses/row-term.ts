/** The pairs of one anchor: how close they are, as similarities or as distances times −1. */
export interface RowPairs {
  readonly positives: Float64Array;
  readonly positiveCount: number;
  readonly negatives: Float64Array;
  readonly negativeCount: number;
}

/** Derivatives with respect to the pairs of one anchor; 0 to begin with. */
export interface RowSlopes {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/**
 * Gives the loss of an element to the reducer. False where it does not count: then its slopes must not be added.
 *
 * @param part 0, or 1 for the second part of a term of two
 */
export type EmitElement = (loss: number, part?: 0 | 1) => boolean;

/** A loss over all pairs of an anchor, whose elements are pairs or anchors. */
export interface RowTerm {
  readonly name: string;
  /**
   * 2 where positives and negatives are reduced on their own and added: then elements of part 0 have slopes for positives only, those of
   * part 1 for negatives only. Default 1.
   */
  readonly parts?: 1 | 2;
  /** Emits the elements of a row and adds the slopes of those that count. */
  evaluate(row: RowPairs, emit: EmitElement, slopes: RowSlopes): void;
}
