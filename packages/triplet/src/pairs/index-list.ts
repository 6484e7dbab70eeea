/** A list of indices that grows. */
export class IndexList {
  #values: Int32Array;
  #length = 0;

  constructor(capacity = 256) {
    this.#values = new Int32Array(capacity);
  }

  push(index: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = index;
  }

  toArray(): Int32Array {
    return this.#values.slice(0, this.#length);
  }
}
