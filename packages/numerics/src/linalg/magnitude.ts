/** The largest power of two that is not above the largest absolute value; 1 where all are 0. Dividing by it changes no digit. */
export function magnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest));
}
