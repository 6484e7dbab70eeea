import { HashOptionError } from '../errors.js';
import { lengthOf } from '../lists.js';
import { shown } from '../shown.js';

/** Places of the smallest distances and these distances, in the order (distance, place). */
export interface TopK {
  readonly indices: Uint32Array;
  readonly distances: Int32Array;
}

export function requireK(what: string, k: number): void {
  if (!Number.isSafeInteger(k) || k < 1) throw new HashOptionError(`${what}: expected k of 1, 2, 3 …, got ${shown(k)}`);
}

/** Makes the places of a result, k a query. @throws HashOptionError where there is no memory for them */
export function withPlaces<Places>(what: string, queries: number, k: number, make: (count: number) => Places): Places {
  try {
    return make(queries * k);
  } catch (cause) {
    throw new HashOptionError(
      `${what}: no memory for ${k} places for each of ${queries} queries; k need not be above the number of codes`,
      { cause },
    );
  }
}

/**
 * The k smallest distances by counting, in time linear in their number and in the largest of them.
 *
 * @param distances whole numbers from 0, such as Hamming distances
 * @param k more than there are: all of them
 * @throws HashOptionError
 * @example
 * topK([3, 1, 2, 1], 3).indices; // 1, 3, 2
 */
export function topK(distances: ArrayLike<number>, k: number): TopK {
  requireK('topK', k);
  const n = lengthOf('topK: distances', distances);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const distance = distances[i]!;
    if (!(Number.isInteger(distance) && distance >= 0 && distance <= 0xffff)) {
      throw new HashOptionError(`topK: expected whole distances of 0 … 65535, got ${shown(distance)} at ${i}`);
    }
    if (distance > largest) largest = distance;
  }
  const count = Math.min(k, n);
  const next = new Uint32Array(largest + 2);
  for (let i = 0; i < n; i++) next[distances[i]! + 1]!++;
  for (let d = 1; d < next.length; d++) next[d]! += next[d - 1]!;
  const result: TopK = { indices: new Uint32Array(count), distances: new Int32Array(count) };
  for (let i = 0; i < n; i++) {
    const at = next[distances[i]!]!++;
    if (at >= count) continue;
    result.indices[at] = i;
    result.distances[at] = distances[i]!;
  }
  return result;
}
