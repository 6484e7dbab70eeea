/** A growing list of positions with their distances. */
export class Candidates {
  positions = new Uint32Array(64);
  distances = new Uint32Array(64);
  count = 0;

  push(position: number, distance: number): void {
    if (this.count === this.positions.length) {
      this.positions = doubled(this.positions);
      this.distances = doubled(this.distances);
    }
    this.positions[this.count] = position;
    this.distances[this.count++] = distance;
  }

  /** Drops those beyond a distance; the others keep their order. */
  keepWithin(distance: number): void {
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      if (this.distances[i]! > distance) continue;
      this.positions[kept] = this.positions[i]!;
      this.distances[kept++] = this.distances[i]!;
    }
    this.count = kept;
  }

  /** Drops those beyond the k-th distance, if there are more than k; ties with it stay. */
  keepNearest(k: number): void {
    if (this.count <= k) return;
    const histogram: number[] = [];
    for (let i = 0; i < this.count; i++) histogram[this.distances[i]!] = (histogram[this.distances[i]!] ?? 0) + 1;
    let kth = -1;
    for (let found = 0; found < k; ) found += histogram[++kth] ?? 0;
    this.keepWithin(kth);
  }
}

function doubled(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length);
  larger.set(array);
  return larger;
}
