/** Below this a comparison sort beats the passes over histograms. */
const fewValues = 200;
const lowWord = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;

/** The bits of float64 values as unsigned 64-bit keys that sort like the values: two words each, as they lie in memory. */
function sortableBits(values: ArrayLike<number>, descending: boolean): Uint32Array {
  const n = values.length;
  const floats = new Float64Array(n);
  // Adding 0 makes −0 tie with 0.
  for (let i = 0; i < n; i++) floats[i] = values[i]! + 0;
  const words = new Uint32Array(floats.buffer);
  const turned = descending ? 0xffffffff : 0;
  for (let i = 0; i < 2 * n; i += 2) {
    const high = words[i + 1 - lowWord]!;
    const negative = high >>> 31 === 1 ? 0xffffffff : 0;
    words[i + lowWord]! ^= negative ^ turned;
    words[i + 1 - lowWord] = high ^ (negative | 0x80000000) ^ turned;
  }
  return words;
}

/**
 * The positions of `values` in rising (or falling) order; equal values stay in the order of their positions.
 *
 * A radix sort over the bytes of float64, which skips bytes that are equal in all values: O(n), and few passes for float32
 * or small integers. NaN has no place in an order: the caller checks.
 */
export function stableOrder(values: ArrayLike<number>, descending = false): Int32Array {
  const n = values.length;
  let order = Int32Array.from({ length: n }, (_, i) => i);
  if (n < fewValues) {
    const sign = descending ? -1 : 1;
    return order.sort((i, j) => {
      const [a, b] = [values[i]!, values[j]!];
      return a < b ? -sign : a > b ? sign : i - j;
    });
  }
  const keys = sortableBits(values, descending);
  let next = new Int32Array(n);
  const start = new Int32Array(257);
  for (let byte = 0; byte < 8; byte++) {
    const word = byte < 4 ? lowWord : 1 - lowWord;
    const shift = (byte % 4) * 8;
    start.fill(0);
    for (let i = 0; i < n; i++) start[((keys[2 * i + word]! >>> shift) & 255) + 1]!++;
    if (start.includes(n)) continue;
    for (let bucket = 0; bucket < 256; bucket++) start[bucket + 1]! += start[bucket]!;
    for (let i = 0; i < n; i++) {
      const position = order[i]!;
      next[start[(keys[2 * position + word]! >>> shift) & 255]!++] = position;
    }
    [order, next] = [next, order];
  }
  return order;
}
