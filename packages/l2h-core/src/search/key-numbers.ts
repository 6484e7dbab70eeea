/** Numbers 0, 1, 2 … for keys of 32 bits, in the order in which the keys came first; at most half of its slots are in use. */
export class KeyNumbers {
  /** How many keys there are. */
  count = 0;
  #keys = new Int32Array(1024);
  /** Of each slot the number and 1, or 0 for a free one. */
  #numbers = new Uint32Array(1024);

  get bytes(): number {
    return this.#keys.byteLength + this.#numbers.byteLength;
  }

  /** The number of a key, −1 for a key that never came. */
  get(key: number): number {
    return this.#numbers[this.#slotOf(key)]! - 1;
  }

  /** The number of a key, a new one for a new key. */
  take(key: number): number {
    let slot = this.#slotOf(key);
    if (this.#numbers[slot] === 0) {
      if (2 * (this.count + 1) > this.#numbers.length) {
        this.#grow();
        slot = this.#slotOf(key);
      }
      this.#keys[slot] = key;
      this.#numbers[slot] = ++this.count;
    }
    return this.#numbers[slot]! - 1;
  }

  /** Where a key is, or the free slot where it would be. */
  #slotOf(key: number): number {
    const last = this.#numbers.length - 1;
    const mixed = Math.imul(key ^ (key >>> 16), 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & last;
    while (this.#numbers[slot] !== 0 && this.#keys[slot] !== (key | 0)) slot = (slot + 1) & last;
    return slot;
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers];
    this.#keys = new Int32Array(2 * keys.length);
    this.#numbers = new Uint32Array(2 * keys.length);
    for (let i = 0; i < numbers.length; i++) {
      if (numbers[i] === 0) continue;
      const slot = this.#slotOf(keys[i]!);
      this.#keys[slot] = keys[i]!;
      this.#numbers[slot] = numbers[i]!;
    }
  }
}
