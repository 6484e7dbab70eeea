/** The codes of one list and their ids, each in one piece; the room doubles when it is full. */
export class InvertedList {
  length = 0;
  bytes = new Uint8Array(0);
  ids = new Float64Array(0);

  constructor(readonly parts: number) {}

  reserve(length: number): void {
    if (length <= this.ids.length) return;
    const capacity = Math.max(length, 2 * this.ids.length);
    const [bytes, ids] = [new Uint8Array(capacity * this.parts), new Float64Array(capacity)];
    bytes.set(this.bytes);
    ids.set(this.ids);
    [this.bytes, this.ids] = [bytes, ids];
  }

  /** Adds a code, for which there is room. */
  push(code: Uint8Array, id: number): void {
    this.bytes.set(code, this.length * this.parts);
    this.ids[this.length++] = id;
  }

  /** Takes a row out; the last one moves into its place, whose id it returns: the id itself where that was the last. */
  take(row: number): number {
    const last = --this.length;
    const { parts } = this;
    this.bytes.copyWithin(row * parts, last * parts, (last + 1) * parts);
    this.ids[row] = this.ids[last]!;
    return this.ids[row]!;
  }
}

/**
 * How unequal lists are: L·Σn² / (Σn)². So many times more codes lie in the list of a random code than in lists of one length; 1 at best, L at
 * worst, and 1 without codes.
 */
export function imbalance(lengths: readonly number[]): number {
  let [sum, squares] = [0, 0];
  for (const length of lengths) {
    sum += length;
    squares += length ** 2;
  }
  return sum === 0 ? 1 : (lengths.length * squares) / sum ** 2;
}
