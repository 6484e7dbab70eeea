/** What a loss adds up for each anchor, of the elements that count. */
export interface AnchorTotals {
  /** `[B]` sums of losses. */
  readonly sums: Float64Array;
  /** `[B]` numbers of elements. */
  readonly counts: Float64Array;
  /** `[B]` labels of the anchors. */
  readonly labels: Int32Array;
}

/** A reduced loss: its value, and its derivative with respect to the loss of an element of each anchor. */
export interface Reduction {
  readonly value: number;
  /** `[B]`. */
  readonly scales: Float64Array;
}

/**
 * Turns the losses of elements (triplets, pairs or anchors, whatever the loss says) into one number.
 *
 * Your own is an object of this form: it sees sums and counts an anchor, never a list of elements.
 */
export interface Reducer {
  readonly name: string;
  /** Only elements with a loss above this count. Default −∞. */
  readonly above?: number;
  /** Only elements with a loss below this count. Default ∞. */
  readonly below?: number;
  reduce(totals: AnchorTotals): Reduction;
}

export const total = (values: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
};
