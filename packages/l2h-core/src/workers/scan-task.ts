import type { Candidates } from '../search/candidates.js';
import { CodeLayout, states } from '../search/code-layout.js';
import { type SharedMemory, wasmScan } from '../search/code-memory.js';
import { type Scan, scanInJs } from '../search/scan-in-js.js';
import { type ScannedMemory, Scanner, type Wanted } from '../search/scanner.js';

/** Codes that a thread takes at a time: few enough that threads end together. */
const portion = 65_536;

/** What a thread is started with. */
export interface ScanSetup extends Pick<SharedMemory, 'wasm'> {
  readonly bits: number;
  readonly threads: number;
  /** Which of the scanners the thread is; 0 is the thread of the index. */
  readonly place: number;
}

/** One search; the same for all threads. */
export interface ScanTask {
  readonly id: number;
  /** The words of the queries, one after the other. */
  readonly queries: Uint32Array;
  readonly count: number;
  readonly wanted: Pick<Wanted, 'k' | 'radius' | 'ties'>;
  /** Positions in use, and whether some of them are removed. */
  readonly end: number;
  readonly hasRemoved: boolean;
  /** A shared bitmap of positions that count; undefined: all. */
  readonly allowed: Uint32Array | undefined;
  /** Shared; for every group of queries the first portion that no thread has taken. */
  readonly taken: Int32Array;
  readonly words: Uint32Array;
}

/** What a thread found. */
export interface Found {
  readonly id: number;
  /** Of query i the places `offsets[i]` … `offsets[i + 1] − 1`. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly positions: Uint32Array<ArrayBuffer>;
  readonly distances: Uint32Array<ArrayBuffer>;
}

/** What a thread answers: what it found, or why it failed. */
export type ScanReply = Found | { readonly id: number; readonly error: unknown };

/** The memory of an index as another thread sees it. */
class SharedCodes extends CodeLayout implements ScannedMemory {
  words: Uint32Array = new Uint32Array(0);
  allowed: (position: number) => number = () => 1;
  readonly scan: Scan;

  constructor({ bits, threads, wasm }: ScanSetup) {
    super(bits, 1 + threads);
    const allowed = (position: number) => this.allowed(position);
    this.scan = wasm
      ? wasmScan(wasm.module, wasm.memory, allowed)
      : (...call) => scanInJs(this.words, allowed, ...call);
  }
}

/** Answers the searches of an index in its shared memory. */
export class ScanThread {
  readonly #codes: SharedCodes;
  readonly #scanner: Scanner;

  constructor(setup: ScanSetup) {
    this.#codes = new SharedCodes(setup);
    this.#scanner = new Scanner(this.#codes, setup.place);
  }

  /** The part of a search that the other threads leave. */
  answer(task: ScanTask): Found {
    this.#codes.words = task.words;
    const found: Candidates[] = [];
    for (let group = 0; group * states < task.count; group++) found.push(...this.#scanGroup(task, group));
    const offsets = new Uint32Array(task.count + 1);
    found.forEach(({ count }, q) => {
      offsets[q + 1] = offsets[q]! + count;
    });
    const positions = new Uint32Array(offsets[task.count]!);
    const distances = new Uint32Array(positions.length);
    found.forEach((list, q) => {
      positions.set(list.positions.subarray(0, list.count), offsets[q]!);
      distances.set(list.distances.subarray(0, list.count), offsets[q]!);
    });
    return { id: task.id, offsets, positions, distances };
  }

  #scanGroup({ queries, count, wanted, end, hasRemoved, allowed, taken }: ScanTask, group: number): Candidates[] {
    const perQuery = queries.length / count;
    const first = group * states;
    const size = Math.min(states, count - first);
    const isAllowed = allowed && ((position: number) => ((allowed[position >>> 5]! >>> (position & 31)) & 1) === 1);
    this.#scanner.start(
      Array.from({ length: size }, (_, i) => queries.subarray((first + i) * perQuery, (first + i + 1) * perQuery)),
      { ...wanted, allowed: isAllowed },
    );
    for (;;) {
      const begin = Atomics.add(taken, group, 1) * portion;
      if (begin >= end) break;
      this.#scanner.pass(begin, Math.min(begin + portion, end), hasRemoved);
    }
    const found = this.#scanner.finish();
    for (const list of found) {
      if (wanted.k !== undefined) list.keepNearest(wanted.k);
    }
    return found;
  }
}

/** The first message is the set-up, each one after it a task. */
export function serveScans(
  listen: (receive: (message: unknown) => void) => void,
  reply: (answer: ScanReply, transfer: ArrayBuffer[]) => void,
): void {
  let thread: ScanThread | undefined;
  listen((message) => {
    if (thread === undefined) {
      thread = new ScanThread(message as ScanSetup);
      return;
    }
    const task = message as ScanTask;
    try {
      const answer = thread.answer(task);
      reply(answer, [answer.offsets.buffer, answer.positions.buffer, answer.distances.buffer]);
    } catch (error) {
      reply({ id: task.id, error }, []);
    }
  });
}
