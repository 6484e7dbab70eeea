import type { Surroundings } from '../result/schema.js';
import type { PeerWork } from './declaration.js';
import { PeerRunError } from './errors.js';
import type { Measurement } from './measurement.js';
import type { PeerRow } from './peers-file.js';

/** Both sides, measured one after the other. */
export interface Pair {
  readonly ours: Measurement;
  readonly theirs: Measurement;
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** Our time ÷ theirs, of a time or of a rate (`images/s`). */
export function timeRatio({ ours, theirs }: Pair): number {
  return ours.unit.endsWith('/s') ? theirs.median / ours.median : ours.median / theirs.median;
}

const rounded = (value: number) => Number(value.toPrecision(5));

/** The value that all runs of a side share. @throws PeerRunError where they differ */
function shared(work: string, what: string, values: readonly string[]): string {
  const different = [...new Set(values)];
  if (different.length === 1) return different[0]!;
  throw new PeerRunError(`${work}: ${what} changed during the comparison: ${different.join(', ')}; run it again`);
}

/**
 * The row of a piece of work: ratio and times are medians over the pairs, memory is the largest.
 *
 * @throws PeerRunError where version or engine differ between pairs
 */
export function comparePairs(
  { work, what, unit, threads }: PeerWork,
  pairs: readonly Pair[],
  machine: NonNullable<Surroundings['machine']>,
): PeerRow {
  const [ours, theirs] = [pairs.map((pair) => pair.ours), pairs.map((pair) => pair.theirs)];
  const ratios = pairs.map(timeRatio).map(rounded);
  const version = shared(
    work,
    'our engine',
    ours.map((run) => run.version),
  );
  const [, engineName, engineVersion] = /^(\S+) (.+)$/.exec(version) ?? [];
  if (engineName === undefined || engineVersion === undefined) {
    throw new PeerRunError(`${work}: ours: expected name and version of the engine as version, got '${version}'`);
  }
  return {
    work,
    what,
    peer: shared(
      work,
      'the peer',
      theirs.map((run) => run.peer),
    ),
    peerVersion: shared(
      work,
      "the peer's version",
      theirs.map((run) => run.version),
    ),
    ours: rounded(median(ours.map((run) => run.median))),
    theirs: rounded(median(theirs.map((run) => run.median))),
    unit,
    ratio: rounded(median(ratios)),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
    pairs: pairs.length,
    oursPeakRssBytes: Math.max(...ours.map((run) => run.peakRssBytes)),
    theirsPeakRssBytes: Math.max(...theirs.map((run) => run.peakRssBytes)),
    engine: { name: engineName, version: engineVersion },
    threads,
    machine,
  };
}
