import { requireNewIds } from '../lists.js';
import { DuplicateIdError } from './errors.js';

/** The ids of positions 0 … n − 1; takes no memory as long as they are the positions themselves. */
export class IdList {
  /** With room to grow; undefined: the id is the position. */
  #ids: Float64Array | undefined;
  #length = 0;
  /** The id that the next code without one gets. */
  #next = 0;
  /** Positions of live ids where ids do not ascend; where they do, halving finds them. */
  #positions: Map<number, number> | undefined;

  /** Whether the order of positions is the order of ids. */
  get ascending(): boolean {
    return this.#positions === undefined;
  }

  get bytes(): number {
    return (this.#ids?.byteLength ?? 0) + 40 * (this.#positions?.size ?? 0);
  }

  at(position: number): number {
    return this.#ids === undefined ? position : this.#ids[position]!;
  }

  /** Where an id was added last, perhaps removed since. */
  positionOf(id: number): number | undefined {
    if (this.#positions !== undefined) return this.#positions.get(id);
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < id) low = middle + 1;
      else high = middle;
    }
    return low < this.#length && this.at(low) === id ? low : undefined;
  }

  /** Throws unless `count` codes with these ids can be added; changes nothing. */
  check(
    what: string,
    count: number,
    given: ArrayLike<number> | undefined,
    isLive: (position: number) => boolean,
  ): void {
    requireNewIds(what, given, count, this.#next);
    if (given === undefined || this.#staysAscending(count, given)) return;
    const seen = new Set<number>();
    for (let i = 0; i < count; i++) {
      const id = given[i]!;
      const held = this.positionOf(id);
      if (seen.has(id)) throw new DuplicateIdError(`${what}: id ${id} is given twice`);
      if (held !== undefined && isLive(held)) {
        throw new DuplicateIdError(`${what}: the index holds id ${id} already; remove it first`);
      }
      seen.add(id);
    }
  }

  /** Adds ids that passed {@link check}. */
  add(count: number, given: ArrayLike<number> | undefined, isLive: (position: number) => boolean): void {
    const first = this.#length;
    const { at, largest } = numbering(this.#next, given, count);
    if (!this.#staysAscending(count, given)) this.#positions ??= this.#mapOf(isLive);
    if (this.#ids === undefined && !isIdentity(at, first, count))
      this.#ids = Float64Array.from({ length: first }, (_, i) => i);
    if (this.#ids !== undefined) {
      if (this.#ids.length < first + count) {
        const grown = new Float64Array(Math.max(first + count, Math.ceil(this.#ids.length * 1.25)));
        grown.set(this.#ids.subarray(0, first));
        this.#ids = grown;
      }
      for (let i = 0; i < count; i++) this.#ids[first + i] = at(i);
    }
    for (let i = 0; this.#positions !== undefined && i < count; i++) this.#positions.set(at(i), first + i);
    this.#length += count;
    this.#next = Math.max(this.#next, largest + 1);
  }

  /** The id is not live any more. */
  forget(id: number): void {
    this.#positions?.delete(id);
  }

  /** Keeps the ids of some positions, given in ascending order, at 0, 1, 2 … */
  keep(positions: Uint32Array): void {
    const kept = Float64Array.from(positions, (position) => this.at(position));
    this.#length = kept.length;
    this.#ids = isIdentity((i) => kept[i]!, 0, kept.length) ? undefined : kept;
    if (kept.every((id, i) => i === 0 || kept[i - 1]! < id)) this.#positions = undefined;
    else this.#positions = this.#mapOf(() => true);
  }

  #staysAscending(count: number, given: ArrayLike<number> | undefined): boolean {
    if (!this.ascending || count === 0) return this.ascending;
    const { at } = numbering(this.#next, given, count);
    if (this.#length > 0 && at(0) <= this.at(this.#length - 1)) return false;
    for (let i = 1; i < count; i++) if (at(i) <= at(i - 1)) return false;
    return true;
  }

  #mapOf(isLive: (position: number) => boolean): Map<number, number> {
    const positions = new Map<number, number>();
    for (let i = 0; i < this.#length; i++) if (isLive(i)) positions.set(this.at(i), i);
    return positions;
  }
}

/** The ids that `count` codes get: those given, −0 as 0, or the numbers from `next`. */
function numbering(next: number, given: ArrayLike<number> | undefined, count: number) {
  if (given === undefined) return { at: (i: number) => next + i, largest: next + count - 1 };
  let largest = -1;
  for (let i = 0; i < count; i++) if (given[i]! > largest) largest = given[i]!;
  return { at: (i: number) => given[i]! + 0, largest };
}

function isIdentity(at: (i: number) => number, first: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (at(i) !== first + i) return false;
  return true;
}
