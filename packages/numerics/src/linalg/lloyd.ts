import type { ColumnMoments } from './column-moments.js';
import type { Matrix } from './matrix.js';
import type { Assignment, CentroidSums, HeldRows } from './matrix-operations.js';

/** What the loops of k-means work on. */
export interface LloydRun {
  readonly data: Matrix;
  readonly moments: ColumnMoments;
  /** Relative to the mean; moved in place. */
  readonly centroids: Matrix & { readonly values: Float64Array };
  readonly iterations: number;
}

/** How a loop of k-means went. */
export interface LloydHistory {
  readonly inertiaHistory: number[];
  readonly converged: boolean;
}

/** Full passes: moves the centroids until their squared movements together are at most the threshold. */
export async function lloyd(held: HeldRows, threshold: number, run: LloydRun): Promise<LloydHistory> {
  const { centroids, iterations, moments } = run;
  const inertiaHistory: number[] = [];
  for (let i = 0; i < iterations; i++) {
    const update = await held.sumByCentroid(centroids);
    inertiaHistory.push(inertiaOf(centroids, update, moments.squares));
    if (update.counts.includes(0)) relocate(run, update, await held.assign(centroids));
    if (moveToMeans(centroids, update) <= threshold) return { inertiaHistory, converged: true };
  }
  return { inertiaHistory, converged: false };
}

/** Σ‖x − c‖² = Σ‖x‖² − 2·Σ c·s + Σ n·‖c‖² with the sums s and the counts n of the clusters. */
export function inertiaOf({ values, columns }: Matrix, { sums, counts }: CentroidSums, squares: number): number {
  let inertia = squares;
  for (let i = 0; i < values.length; i++) {
    inertia += values[i]! * (counts[Math.floor(i / columns)]! * values[i]! - 2 * sums[i]!);
  }
  return Math.max(0, inertia);
}

/** Gives each empty cluster the row that is farthest from its centroid and not alone there. */
function relocate(
  { data, moments }: LloydRun,
  { sums, counts }: CentroidSums,
  { assignments, squaredDistances }: Assignment,
): void {
  const d = data.columns;
  const farthest = Array.from(squaredDistances.keys())
    .filter((row) => squaredDistances[row]! > 0)
    .sort((a, b) => squaredDistances[b]! - squaredDistances[a]! || a - b);
  let at = 0;
  for (let cluster = 0; cluster < counts.length; cluster++) {
    if (counts[cluster] !== 0) continue;
    while (at < farthest.length && counts[assignments[farthest[at]!]!]! < 2) at++;
    if (at === farthest.length) return;
    const row = farthest[at++]!;
    const from = assignments[row]!;
    counts[from]! -= 1;
    counts[cluster] = 1;
    for (let j = 0; j < d; j++) {
      const value = data.values[row * d + j]! - moments.mean[j]!;
      sums[from * d + j]! -= value;
      sums[cluster * d + j] = value;
    }
  }
}

/** Returns Σ‖Δc‖². A centroid without rows stays. */
function moveToMeans(
  { values, columns }: { values: Float64Array; columns: number },
  { sums, counts }: CentroidSums,
): number {
  let moved = 0;
  for (let i = 0; i < values.length; i++) {
    const count = counts[Math.floor(i / columns)]!;
    if (count === 0) continue;
    const mean = sums[i]! / count;
    moved += (mean - values[i]!) ** 2;
    values[i] = mean;
  }
  return moved;
}
