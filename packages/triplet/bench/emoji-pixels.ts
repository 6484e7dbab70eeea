/** Pictures of half the side: the mean of every 2 × 2 pixels, rounded. `pixels` holds colour pictures of `side × side`. */
export function averagePairs(pixels: Uint8Array, side: number): Uint8Array {
  const half = side / 2;
  const rowLength = side * 3;
  const count = pixels.length / (side * rowLength);
  const small = new Uint8Array(count * half * half * 3);
  let to = 0;
  for (let picture = 0; picture < count; picture++) {
    for (let y = 0; y < half; y++) {
      let from = (picture * side + 2 * y) * rowLength;
      for (let x = 0; x < half; x++, from += 6) {
        for (let c = 0; c < 3; c++, to++) {
          const at = from + c;
          const sum = pixels[at]! + pixels[at + 3]! + pixels[at + rowLength]! + pixels[at + rowLength + 3]!;
          small[to] = (sum + 2) >> 2;
        }
      }
    }
  }
  return small;
}

/** Where each picture comes first: the same picture under another name would be a wrong negative. */
export function firstOfEachPicture(hashes: readonly string[]): number[] {
  const seen = new Set<string>();
  return [...hashes.keys()].filter((i) => {
    if (seen.has(hashes[i]!)) return false;
    seen.add(hashes[i]!);
    return true;
  });
}
