import type { Matrix } from '@tensor-papers/numerics/linalg';

/** So many numbers tell the order of magnitude of all. */
const SAMPLE = 2 ** 16;

/** Numbers whose squares float32 holds with room to spare. */
const [LEAST, MOST] = [1e-6, 1e6];

/**
 * A power of two that brings x − o to an order of magnitude whose squares float32 can hold; 1 where it is that already. Scaling by it changes
 * no digit.
 */
export function scaleOf({ columns, values }: Matrix, origin: Float64Array): number {
  let largest = 0;
  // Odd, so that it does not keep to some columns.
  const step = Math.floor(values.length / SAMPLE) | 1;
  for (let i = 0; i < values.length; i += step) {
    largest = Math.max(largest, Math.abs(values[i]! - origin[i % columns]!));
  }
  if (!Number.isFinite(largest) || largest === 0 || (largest > LEAST && largest < MOST)) return 1;
  return 2 ** -Math.round(Math.log2(largest));
}
