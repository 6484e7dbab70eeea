/** What was timed on our side. */
export interface Measured {
  readonly work: string;
  readonly version: string;
  readonly unit: 'ms' | 'Gcodes/s' | 'queries/s';
  readonly samples: readonly number[];
  readonly threads: number;
}

/** Prints the line that the scripts of peers/ print. */
export function printMeasurement({ work, version, unit, samples, threads }: Measured): void {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  const best = unit.endsWith('/s') ? sorted.at(-1)! : sorted[0]!;
  const rounded = (value: number) => Number(value.toPrecision(6));
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  const sizes = { runs: sorted.length, threads, peakRssBytes };
  console.log(
    JSON.stringify({
      peer: 'tensor-papers',
      version,
      work,
      unit,
      median: rounded(median),
      best: rounded(best),
      ...sizes,
    }),
  );
}
