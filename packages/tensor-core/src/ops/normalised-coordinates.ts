/**
 * Where the pixels of an axis of that size lie in −1…1.
 *
 * Half-pixel: −1 and 1 are the outer edges, pixel i lies at (2i + 1)/size − 1. With `alignCorners` they are the centres of the first and the
 * last pixel, pixel i lies at 2i/(size − 1) − 1, an only pixel at 0.
 */
export function normalisedCoordinates(size: number, alignCorners: boolean): number[] {
  return Array.from({ length: size }, (_, i) => {
    if (!alignCorners) return (2 * i + 1) / size - 1;
    return size === 1 ? 0 : (2 * i) / (size - 1) - 1;
  });
}

/** The pixel coordinate of a normalised one is slope · it + offset; the reverse of {@link normalisedCoordinates}. */
export function toPixels(size: number, alignCorners: boolean): { slope: number; offset: number } {
  return { slope: (alignCorners ? size - 1 : size) / 2, offset: (size - 1) / 2 };
}
