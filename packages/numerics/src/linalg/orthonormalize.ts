/** A row that keeps less of its length than this beside the rows before it is taken for a combination of them. */
const DEPENDENT = 1e-10;

/**
 * Makes the rows of `[count × length]`, count ≤ length, orthonormal in place, each by the ones before it (Gram–Schmidt, twice). A row that
 * depends on those before it gives way to the unit vector that is farthest from them all, so that the result is always complete.
 */
export function orthonormalize(rows: Float64Array, count: number, length: number): void {
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * length, (i + 1) * length);
    if (makeOrthogonal(rows, i, row)) continue;
    row.fill(0);
    row[farthestUnit(rows, i, length)] = 1;
    makeOrthogonal(rows, i, row);
  }
}

function makeOrthogonal(rows: Float64Array, before: number, row: Float64Array): boolean {
  const original = scaleToUnit(row);
  if (original === 0) return false;
  for (let pass = 0; pass < 2; pass++) {
    for (let other = 0; other < before; other++) {
      const start = other * row.length;
      let dot = 0;
      for (let i = 0; i < row.length; i++) dot += row[i]! * rows[start + i]!;
      for (let i = 0; i < row.length; i++) row[i]! -= dot * rows[start + i]!;
    }
    if (scaleToUnit(row) < DEPENDENT) return false;
  }
  return true;
}

/** Returns the length that the row had; a row of zeros stays. */
function scaleToUnit(row: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < row.length; i++) largest = Math.max(largest, Math.abs(row[i]!));
  if (largest === 0) return 0;
  let squares = 0;
  for (let i = 0; i < row.length; i++) squares += (row[i]! / largest) ** 2;
  const length = largest * Math.sqrt(squares);
  for (let i = 0; i < row.length; i++) row[i]! /= length;
  return length;
}

function farthestUnit(rows: Float64Array, count: number, length: number): number {
  const explained = new Float64Array(length);
  for (let i = 0; i < count * length; i++) explained[i % length]! += rows[i]! ** 2;
  return explained.indexOf(explained.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY));
}
