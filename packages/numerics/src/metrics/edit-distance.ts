import { MetricOptionError } from './errors.js';

/** Options of {@link editDistance}. */
export interface EditDistanceOptions {
  /** Give up above this distance: only a band of that width is computed. Integer of at least 0; default: no limit. */
  readonly maximum?: number;
}

/** A text as its code points, so that a character outside the basic plane is one symbol. */
export function symbols(text: string): Uint32Array {
  const points = new Uint32Array(text.length);
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    if (point > 0xffff) i++;
    points[count++] = point;
  }
  return points.subarray(0, count);
}

/** The distance of a[start…] and b[start…], `limit + 1` above the limit; `a` is the shorter one. */
function banded(a: ArrayLike<unknown>, b: ArrayLike<unknown>, start: number, m: number, n: number, limit: number) {
  const above = limit + 1;
  // row[i] is the distance of the first i symbols of a to the first j of b. Ahead of the band it keeps the start value i, which is
  // never too small for i > j; behind the band it counts as above the limit.
  const row = new Float64Array(m + 1);
  for (let i = 0; i <= m; i++) row[i] = Math.min(i, above);
  for (let j = 1; j <= n; j++) {
    // With d edits in all, at most (d + m − n)/2 symbols of a can run ahead of b, and (d − m + n)/2 lag behind.
    const low = Math.max(1, j - Math.floor((limit - m + n) / 2));
    const high = Math.min(m, j + Math.floor((limit + m - n) / 2));
    let diagonal = row[low - 1]!;
    row[low - 1] = low === 1 ? Math.min(j, above) : above;
    let smallest = row[low - 1]!;
    const symbol = b[start + j - 1];
    for (let i = low; i <= high; i++) {
      const substituted = a[start + i - 1] === symbol ? diagonal : diagonal + 1;
      diagonal = row[i]!;
      const edited = Math.min(substituted, diagonal + 1, row[i - 1]! + 1, above);
      row[i] = edited;
      if (edited < smallest) smallest = edited;
    }
    if (smallest >= above) return above;
  }
  return row[m]!;
}

/**
 * Levenshtein distance: the smallest number of insertions, deletions and substitutions of single symbols that turn `a` into `b`.
 *
 * Strings are compared by Unicode code points, without normalisation (é as one code point differs from e with an accent
 * after it: call `normalize()` first); arrays by `===`. O(|a| · |b|), with `maximum` O(min(|a|, |b|) · maximum).
 *
 * @param a a string or an array (of tokens, of ids)
 * @param b one of the same kind
 * @returns the distance; `maximum + 1` where it is larger than `maximum`
 * @throws MetricOptionError
 * @example
 * editDistance('kitten', 'sitting'); // 3
 * editDistance('kitten', 'sitting', { maximum: 1 }); // 2: more than 1
 * editDistance(['to', 'let'], ['to', 'be', 'let']); // 1
 */
export function editDistance(a: string, b: string, options?: EditDistanceOptions): number;
export function editDistance<T>(a: ArrayLike<T>, b: ArrayLike<T>, options?: EditDistanceOptions): number;
export function editDistance(
  a: string | ArrayLike<unknown>,
  b: string | ArrayLike<unknown>,
  { maximum = Number.POSITIVE_INFINITY }: EditDistanceOptions = {},
): number {
  if (!(maximum === Number.POSITIVE_INFINITY || (Number.isSafeInteger(maximum) && maximum >= 0))) {
    throw new MetricOptionError(`maximum: expected an integer of at least 0, got ${maximum}`);
  }
  let shorter = typeof a === 'string' ? symbols(a) : a;
  let longer = typeof b === 'string' ? symbols(b) : b;
  if (shorter.length > longer.length) [shorter, longer] = [longer, shorter];
  const limit = Math.min(maximum, longer.length);
  let [m, n] = [shorter.length, longer.length];
  if (n - m > limit) return limit + 1;
  while (m > 0 && shorter[m - 1] === longer[n - 1]) {
    m--;
    n--;
  }
  let start = 0;
  while (start < m && shorter[start] === longer[start]) start++;
  if (start === m) return n - m;
  return banded(shorter, longer, start, m - start, n - start, limit);
}
