/** Items and relevant items of one query by Hamming distance: entry d counts those at distance d, 0 … bits. */
export interface RadiusCounts {
  readonly items: Int32Array;
  readonly relevant: Int32Array;
}

/**
 * @param distances `[n]`, integers in 0 … bits
 * @param relevant `[n]`, 0 or 1
 */
export function radiusCounts(distances: ArrayLike<number>, relevant: ArrayLike<number>, bits: number): RadiusCounts {
  const counts = { items: new Int32Array(bits + 1), relevant: new Int32Array(bits + 1) };
  for (let i = 0; i < distances.length; i++) {
    counts.items[distances[i]!]!++;
    if (relevant[i]) counts.relevant[distances[i]!]!++;
  }
  return counts;
}

const total = (counts: Int32Array) => counts.reduce((sum, count) => sum + count, 0);

/**
 * Average precision in expectation over all orders of equally distant items: (1 / min(R, cutoff)) Σ over ranks t ≤ cutoff of
 * P(relevant at t) · E[precision at t | relevant at t]. NaN without a relevant item.
 *
 * In a group of n items with r relevant ones, behind N items with F relevant ones, place t contributes
 * (r/n) · (F + 1 + (t − 1)(r − 1)/(n − 1)) / (N + t).
 */
export function expectedAveragePrecision({ items, relevant }: RadiusCounts, cutoff = Number.POSITIVE_INFINITY): number {
  const all = total(relevant);
  if (all === 0) return Number.NaN;
  let [before, found, sum] = [0, 0, 0];
  for (let d = 0; d < items.length && before < cutoff; d++) {
    const [n, r] = [items[d]!, relevant[d]!];
    if (r > 0) {
      const share = n > 1 ? (r - 1) / (n - 1) : 0;
      const last = Math.min(n, cutoff - before);
      let precision = 0;
      for (let t = 1; t <= last; t++) precision += (found + 1 + (t - 1) * share) / (before + t);
      sum += (precision * r) / n;
    }
    before += n;
    found += r;
  }
  return sum / Math.min(cutoff, all);
}

/** Precision and recall of the ball of every radius 0 … bits; precision is 0 where the ball is empty, recall NaN without a relevant item. */
export function precisionRecallByRadius({ items, relevant }: RadiusCounts): {
  precision: Float64Array;
  recall: Float64Array;
} {
  const all = total(relevant);
  const precision = new Float64Array(items.length);
  const recall = new Float64Array(items.length);
  let [inside, found] = [0, 0];
  for (let d = 0; d < items.length; d++) {
    inside += items[d]!;
    found += relevant[d]!;
    precision[d] = inside === 0 ? 0 : found / inside;
    recall[d] = found / all;
  }
  return { precision, recall };
}

/** Precision among the first N in expectation over the orders of equally distant items: expected relevant ones / N. */
export function expectedPrecisionAt({ items, relevant }: RadiusCounts, count: number): number {
  let [before, found] = [0, 0];
  for (let d = 0; d < items.length && before < count; d++) {
    const taken = Math.min(items[d]!, count - before);
    if (taken > 0) found += (relevant[d]! * taken) / items[d]!;
    before += taken;
  }
  return found / count;
}
