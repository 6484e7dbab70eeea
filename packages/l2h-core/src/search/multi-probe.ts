import { HashOptionError } from '../errors.js';
import { lengthOf } from '../lists.js';
import { optionsOf } from '../options.js';
import { shown } from '../shown.js';

export interface MultiProbeOptions {
  /** What flipping several bits costs: the sum of their squared margins (Lv et al.), or of their margins. Default 'squared'. */
  readonly cost?: 'squared' | 'sum';
}

/** Bits to flip, as places in the order of margins, ascending. */
interface Flips {
  readonly cost: number;
  readonly places: readonly number[];
}

/**
 * The keys to look into first, when each bit of a key came from the sign of a number: the key itself, then those with the cheapest flips
 * (Lv et al., *Multi-Probe LSH*, 2007).
 *
 * @param key of up to 32 bits
 * @param margins one a bit, how far its number was from 0; signs do not matter
 * @param probes how many keys; at most 2^bits come
 * @throws HashOptionError
 */
export function multiProbe(
  key: number,
  margins: ArrayLike<number>,
  probes: number,
  options: MultiProbeOptions = {},
): Uint32Array {
  return keysInOrder('multiProbe', key, margins, probes, options);
}

/** As {@link multiProbe}, for the function that messages name. */
export function keysInOrder(
  what: string,
  key: number,
  margins: ArrayLike<number>,
  probes: number,
  options: MultiProbeOptions,
): Uint32Array {
  const { cost = 'squared' } = optionsOf(what, options);
  if (cost !== 'squared' && cost !== 'sum') {
    throw new HashOptionError(`${what}: cost: expected 'squared' or 'sum', got ${shown(cost)}`);
  }
  if (!Number.isInteger(key)) throw new HashOptionError(`${what}: key: expected a whole number, got ${shown(key)}`);
  const bits = lengthOf(`${what}: margins`, margins);
  if (bits > 32) throw new HashOptionError(`${what}: expected margins of at most 32 bits, got ${bits}`);
  if (!Number.isSafeInteger(probes) || probes < 1) {
    throw new HashOptionError(`${what}: expected 1, 2, 3 … probes, got ${shown(probes)}`);
  }
  const costs = Array.from(margins, (margin, bit) => {
    if (!Number.isFinite(margin))
      throw new HashOptionError(`${what}: expected finite margins, got ${shown(margin)} for bit ${bit}`);
    return cost === 'squared' ? margin * margin : Math.abs(margin);
  });
  const order = costs.map((_, bit) => bit).sort((a, b) => costs[a]! - costs[b]! || a - b);
  const flips = (places: readonly number[]): Flips => ({
    cost: places.reduce((sum, place) => sum + costs[order[place]!]!, 0),
    places,
  });
  const keys = new Uint32Array(Math.min(probes, 2 ** bits));
  keys[0] = key;
  const heap: Flips[] = bits === 0 ? [] : [flips([0])];
  for (let i = 1; i < keys.length; i++) {
    const { places } = pop(heap);
    keys[i] = places.reduce((flipped, place) => flipped ^ (1 << order[place]!), key);
    const last = places.at(-1)! + 1;
    if (last === bits) continue;
    push(heap, flips([...places.slice(0, -1), last]));
    push(heap, flips([...places, last]));
  }
  return keys;
}

/** Cheapest first; of equal ones fewer flips, then the earlier places. */
function before(a: Flips, b: Flips): boolean {
  if (a.cost !== b.cost) return a.cost < b.cost;
  if (a.places.length !== b.places.length) return a.places.length < b.places.length;
  const at = a.places.findIndex((place, i) => place !== b.places[i]);
  return a.places[at]! < b.places[at]!;
}

function push(heap: Flips[], added: Flips): void {
  let at = heap.length;
  for (let up = (at - 1) >> 1; at > 0 && before(added, heap[up]!); up = (at - 1) >> 1) {
    heap[at] = heap[up]!;
    at = up;
  }
  heap[at] = added;
}

function pop(heap: Flips[]): Flips {
  const first = heap[0]!;
  const moved = heap.pop()!;
  if (heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let down = 2 * at + 1;
    if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++;
    if (down >= heap.length || !before(heap[down]!, moved)) break;
    heap[at] = heap[down]!;
    at = down;
  }
  heap[at] = moved;
  return first;
}
