import type { Surroundings } from '../result/schema.js';
import { comparePairs, type Pair, timeRatio } from './compare.js';
import type { PeerWork } from './declaration.js';
import { PeerRunError } from './errors.js';
import { type Measurement, parseMeasurement } from './measurement.js';
import type { PeerRow } from './peers-file.js';
import { type ProgramOptions, runProgram } from './run-program.js';

/** How a comparison is run. */
export interface WorkOptions extends Omit<ProgramOptions, 'cwd'> {
  readonly pairs: number;
  readonly python: string;
  readonly machine: NonNullable<Surroundings['machine']>;
  readonly log: (line: string) => void;
}

/** Program and arguments of both sides. */
export function commandLines({ ours: [program, ...args], theirs }: PeerWork, python: string) {
  return { ours: [program === 'node' ? process.execPath : program!, ...args], theirs: [python, ...theirs] };
}

const figure = (value: number) => String(Number(value.toPrecision(4)));

/**
 * Runs both sides in turn (ours, theirs, ours, …), each run a fresh process.
 *
 * @returns the row; undefined when stopped
 * @throws PeerRunError where a side fails
 */
export async function runWork(
  work: PeerWork,
  { pairs: count, python, machine, log, ...program }: WorkOptions,
): Promise<PeerRow | undefined> {
  const commands = commandLines(work, python);
  const options = {
    ...program,
    cwd: work.folder,
    env: {
      ...program.env,
      TENSOR_PAPERS_THREADS: String(work.threads),
      PYTHONDONTWRITEBYTECODE: '1',
      TF_CPP_MIN_LOG_LEVEL: program.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
    },
  };
  const measure = async (side: 'ours' | 'theirs'): Promise<Measurement | undefined> => {
    const ended = await runProgram(commands[side], options);
    if (ended?.problem) throw new PeerRunError(`${work.work}: ${side} (${commands[side].join(' ')}): ${ended.problem}`);
    return ended && parseMeasurement(side, ended.stdout, work);
  };

  const pairs: Pair[] = [];
  while (pairs.length < count) {
    const ours = await measure('ours');
    const theirs = ours && (await measure('theirs'));
    if (!theirs) return undefined;
    pairs.push({ ours, theirs });
    log(
      `${work.work}  pair ${pairs.length} of ${count}: ours ${figure(ours.median)} ${work.unit}, ` +
        `theirs ${figure(theirs.median)} ${work.unit}, ratio of times ${figure(timeRatio({ ours, theirs }))}`,
    );
  }
  return comparePairs(work, pairs, machine);
}
