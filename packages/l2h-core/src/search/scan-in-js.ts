import { popcount } from '../codes/hamming.js';
import { field } from './scan-state.js';

/**
 * Scans the codes from the byte `pointer`, which stands at `position`, to the byte `end`; `dead` is where the bitmap of removed positions
 * of this chunk starts, 0 without one. Returns `end`, or where it stopped because the room for candidates ends.
 */
export type Scan = (state: number, pointer: number, end: number, position: number, dead: number) => number;

/** What scripts/scan.wat does, on the same memory, for where WebAssembly is missing. */
export function scanInJs(
  memory: Uint32Array,
  allowed: (position: number) => number,
  ...[state, pointer, end, position, dead]: Parameters<Scan>
): number {
  const s = state >>> 2;
  const perCode = 2 * memory[s + field.words64]!;
  const query = s + field.query;
  const stop = end >>> 2;
  let limit = memory[s + field.limit]!;
  const start = pointer >>> 2;
  let at = start;
  for (;;) {
    at = perCode === 2 ? skipTwo(memory, at, stop, query, limit) : skip(memory, at, stop, query, perCode, limit);
    if (at === stop) break;
    const place = position + (at - start) / perCode;
    const removed = dead !== 0 && (memory[(dead >>> 2) + ((place & 0xffff) >>> 5)]! >>> (place & 31)) & 1;
    if (!removed && (memory[s + field.filtered] === 0 || allowed(place) !== 0)) {
      if (memory[s + field.count]! >= memory[s + field.room]!) break;
      limit = take(memory, s, place, distanceAt(memory, at, query, perCode));
    }
    at += perCode;
  }
  return at * 4;
}

function distanceAt(memory: Uint32Array, at: number, query: number, perCode: number): number {
  let distance = 0;
  for (let w = 0; w < perCode; w++) distance += popcount(memory[at + w]! ^ memory[query + w]!);
  return distance;
}

/** The first code nearer than the limit, or `stop`. */
function skip(memory: Uint32Array, at: number, stop: number, query: number, perCode: number, limit: number): number {
  for (; at !== stop; at += perCode) if (distanceAt(memory, at, query, perCode) < limit) return at;
  return stop;
}

function skipTwo(memory: Uint32Array, at: number, stop: number, query: number, limit: number): number {
  const [low, high] = [memory[query]!, memory[query + 1]!];
  for (; at !== stop; at += 2) if (popcount(memory[at]! ^ low) + popcount(memory[at + 1]! ^ high) < limit) return at;
  return stop;
}

/** Notes a candidate and returns the new limit. */
function take(memory: Uint32Array, s: number, position: number, distance: number): number {
  const histogram = memory[s + field.histogram]! >>> 2;
  const slot = (memory[s + field.candidates]! >>> 2) + 2 * memory[s + field.count]!++;
  memory[slot] = position;
  memory[slot + 1] = distance;
  memory[histogram + distance]!++;
  let kth = memory[s + field.kth]!;
  if (distance >= kth) return memory[s + field.limit]!;
  let below = memory[s + field.below]! + 1;
  while (below >= memory[s + field.k]!) below -= memory[histogram + --kth]!;
  memory[s + field.kth] = kth;
  memory[s + field.below] = below;
  memory[s + field.limit] = kth + memory[s + field.ties]!;
  return memory[s + field.limit]!;
}
