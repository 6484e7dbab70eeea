/** Seconds in which at least one of the intervals ran; times in milliseconds. */
export function wallSeconds(intervals: readonly { readonly startedAt: number; readonly endedAt: number }[]): number {
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { startedAt, endedAt } of [...intervals].sort((a, b) => a.startedAt - b.startedAt)) {
    if (endedAt <= until) continue;
    total += endedAt - Math.max(startedAt, until);
    until = endedAt;
  }
  return total / 1000;
}
