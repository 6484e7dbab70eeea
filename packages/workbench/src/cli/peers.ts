import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { provision } from '@tensor-papers/engine/install';
import { UsageError, WorkbenchError } from '../errors.js';
import { unknownName } from '../nearest-name.js';
import { repository } from '../paper/find-papers.js';
import { busyWarning } from '../peers/busy.js';
import { type PeerWork, readPeerWorks } from '../peers/declaration.js';
import { addToPeersFile, type PeerRow, readPeersFile } from '../peers/peers-file.js';
import {
  environmentFolder,
  interpreter,
  namedPython,
  type PythonOptions,
  pythonEnvironment,
} from '../peers/python-environment.js';
import { commandLines, runWork } from '../peers/run-work.js';
import { assertWritableFile } from '../result/files.js';
import { surroundings } from '../result/surroundings.js';
import { listenForInterrupt } from './interrupt.js';
import { textTable } from './text-table.js';

/** The flags of `peers` as they were typed. */
export interface PeersFlags {
  readonly papers: string;
  readonly pairs?: number;
  readonly out?: string;
  readonly python?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

const noWorks = (packages: string) =>
  `no package in ${packages} is compared with a peer yet; a bench/peers/peers.json in a package declares works`;

/** The works that are named, or all. @throws UsageError with the nearest name */
function chooseWorks(declared: readonly PeerWork[], names: readonly string[], packages: string): PeerWork[] {
  const known = declared.map(({ work }) => work);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      known.length === 0 ? `unknown work '${unknown}': ${noWorks(packages)}` : unknownName('work', unknown, known),
    );
  }
  return declared.filter(({ work }) => names.length === 0 || names.includes(work));
}

function describeWork(work: PeerWork, pairs: number, python: string): string {
  const { ours, theirs } = commandLines(work, python);
  return [
    `${work.work}  ${pairs} pairs, ${work.threads} threads a side, in ${work.folder}`,
    `  ours    ${ours.join(' ')}`,
    `  theirs  ${theirs.join(' ')}`,
  ].join('\n');
}

/** The rows as text: times, ratio of times with its spread, ratio of peak memory. */
function peersTable(rows: readonly PeerRow[]): string {
  const figure = (value: number) => String(Number(value.toPrecision(3)));
  const head = ['work', 'ours', 'theirs', 'ours ÷ theirs', 'least … most', 'memory', 'pairs', 'engine', 'peer'];
  return textTable([
    head,
    ...rows.map((row) => [
      row.work,
      `${figure(row.ours)} ${row.unit}`,
      `${figure(row.theirs)} ${row.unit}`,
      figure(row.ratio),
      `${figure(row.ratioMin)} … ${figure(row.ratioMax)}`,
      figure(row.oursPeakRssBytes / row.theirsPeakRssBytes),
      String(row.pairs),
      `${row.engine.name} ${row.engine.version}`,
      `${row.peer} ${row.peerVersion}`,
    ]),
  ]);
}

/** `papers peers`: measures our side and theirs in turn and puts the rows into a file. Returns the exit code. */
export async function peers(names: readonly string[], flags: PeersFlags): Promise<number> {
  const works = chooseWorks(readPeerWorks(flags.papers), names, flags.papers);
  if (works.length === 0) {
    say(noWorks(flags.papers));
    return 0;
  }
  const file = flags.out === undefined ? join(repository, 'results', 'peers.json') : resolve(flags.out);
  const pairsOf = (work: PeerWork) => flags.pairs ?? work.pairs;
  if (flags.dryRun) {
    for (const work of works) {
      const python = flags.python ?? interpreter(environmentFolder(work.python.requirements, process.env));
      console.log(describeWork(work, pairsOf(work), python));
    }
    console.log(`rows go to ${file}; nothing was run`);
    return 0;
  }
  assertWritableFile(file, '--out');
  readPeersFile(file);

  const interrupt = listenForInterrupt(say);
  const rows: PeerRow[] = [];
  let failed = false;
  try {
    const { stop, kill } = interrupt;
    const options = { env: process.env, log: say, stop, kill };
    const pythons = await findPythons(works, flags.python, options);
    const { engine, reasons } = await provision({ env: process.env, log: say });
    for (const reason of reasons) say(reason);
    const env = { ...process.env, TENSOR_PAPERS_ENGINE: engine };
    const machine = surroundings().machine!;
    const warning = busyWarning(loadavg()[0]!, machine.cores);
    if (warning) say(warning);
    for (const work of works) {
      const python = pythons?.get(work.python.requirements);
      if (python === undefined || stop.aborted) break;
      try {
        const row = await runWork(work, { ...options, env, machine, python, pairs: pairsOf(work) });
        if (!row) break;
        addToPeersFile(file, [row]);
        rows.push(row);
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
        failed = true;
        say(`papers: ${error.message}`);
      }
    }
  } finally {
    interrupt.release();
  }
  if (interrupt.exitCode !== undefined) say(`${rows.length} of ${works.length} works were finished`);
  if (flags.json) console.log(JSON.stringify(rows, null, 1));
  else if (rows.length > 0) console.log(`${peersTable(rows)}\n${file}`);
  return interrupt.exitCode ?? (failed ? 1 : 0);
}

/** The interpreter for every file of requirements; undefined when stopped. */
async function findPythons(
  works: readonly PeerWork[],
  named: string | undefined,
  options: PythonOptions,
): Promise<Map<string, string> | undefined> {
  const pythons = new Map<string, string>();
  for (const { python } of works) {
    if (pythons.has(python.requirements)) continue;
    const path = named === undefined ? await pythonEnvironment(python, options) : await namedPython(named, options);
    if (path === undefined) return undefined;
    pythons.set(python.requirements, path);
  }
  return pythons;
}
