/** Turns each row of `[rows × columns]` so that its entry of largest absolute value, the first of such, is positive. Returns which were turned. */
export function fixSigns(values: Float64Array, rows: number, columns: number): boolean[] {
  return Array.from({ length: rows }, (_, row) => {
    const vector = values.subarray(row * columns, (row + 1) * columns);
    let largest = 0;
    for (let i = 1; i < columns; i++) if (Math.abs(vector[i]!) > Math.abs(vector[largest]!)) largest = i;
    const turn = vector[largest]! < 0;
    if (turn) for (let i = 0; i < columns; i++) vector[i] = -vector[i]!;
    return turn;
  });
}
