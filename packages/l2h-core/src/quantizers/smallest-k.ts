/** The k smallest of the values that come, of equal values those with the lower ids: a heap with the largest kept one on top. */
export class SmallestK {
  readonly #k: number;
  readonly #values: number[] = [];
  readonly #ids: number[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  /** Whether {@link add} would keep it. */
  takes(value: number, id: number): boolean {
    return this.#values.length < this.#k || isBefore(value, id, this.#values[0]!, this.#ids[0]!);
  }

  add(value: number, id: number): void {
    if (this.#values.length < this.#k) {
      this.#values.push(value);
      this.#ids.push(id);
      this.#rise(this.#values.length - 1);
    } else if (this.takes(value, id)) {
      this.#values[0] = value;
      this.#ids[0] = id;
      this.#sink();
    }
  }

  /** What was kept, in ascending order. */
  sorted(): { value: number; id: number }[] {
    return this.#values
      .map((value, i) => ({ value, id: this.#ids[i]! }))
      .sort((a, b) => a.value - b.value || a.id - b.id);
  }

  #rise(start: number): void {
    for (let child = start; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#isAbove(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  #sink(): void {
    for (let parent = 0; ; ) {
      let largest = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < this.#values.length && this.#isAbove(child, largest)) largest = child;
      }
      if (largest === parent) return;
      this.#swap(parent, largest);
      parent = largest;
    }
  }

  #isAbove(a: number, b: number): boolean {
    return isBefore(this.#values[b]!, this.#ids[b]!, this.#values[a]!, this.#ids[a]!);
  }

  #swap(a: number, b: number): void {
    [this.#values[a], this.#values[b]] = [this.#values[b]!, this.#values[a]!];
    [this.#ids[a], this.#ids[b]] = [this.#ids[b]!, this.#ids[a]!];
  }
}

const isBefore = (value: number, id: number, otherValue: number, otherId: number) =>
  value < otherValue || (value === otherValue && id < otherId);
