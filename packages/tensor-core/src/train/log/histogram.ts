import type { Histogram } from './event-record.js';

const BUCKETS = 30;

/** Counts of the finite values in 30 buckets of equal width; null where there is none. */
export function histogramOf(values: ArrayLike<number>): Histogram | null {
  let [min, max, count, sum, sumOfSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    count += 1;
    sum += value;
    sumOfSquares += value * value;
  }
  if (count === 0) return null;
  if (min === max) return { min, max, count, sum, sumOfSquares, limits: [max], counts: [count] };
  // Scaled before the difference: max − min may overflow.
  const width = max / BUCKETS - min / BUCKETS;
  const limits = Array.from({ length: BUCKETS }, (_, k) => (k === BUCKETS - 1 ? max : min + (k + 1) * width));
  const counts = new Array<number>(BUCKETS).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const bucket = Math.floor(value / width - min / width);
    counts[Math.min(BUCKETS - 1, Math.max(0, bucket))]! += 1;
  }
  return { min, max, count, sum, sumOfSquares, limits, counts };
}
