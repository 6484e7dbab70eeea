import { type Codes, wordsOf } from '../codes/codes.js';
import { wordsAt } from '../codes/hamming.js';
import { states } from '../search/code-layout.js';
import { CodeMemory, type ScanKernel } from '../search/code-memory.js';
import { Scanner } from '../search/scanner.js';

/** The nearest list of each code. */
export interface CodeAssignment {
  /** Of equally near ones the lowest. */
  readonly lists: Uint16Array;
  /** Hamming distances to their centroids. */
  readonly distances: Uint16Array;
}

/** The centroids of lists of binary codes, ready to be compared with codes. */
export class CodeCentroids {
  #codes: Codes;
  readonly #memory: CodeMemory;
  readonly #scanner: Scanner;

  constructor(codes: Codes, kernel?: ScanKernel) {
    this.#memory = new CodeMemory(codes.bits, { kernel });
    this.#scanner = new Scanner(this.#memory);
    this.#codes = codes;
    this.codes = codes;
  }

  get codes(): Codes {
    return this.#codes;
  }

  set codes(codes: Codes) {
    this.#memory.reserve(codes.n);
    const perCode = wordsOf(codes.bits);
    for (let i = 0; i < codes.n; i++) {
      this.#memory.words.set(codes.words.subarray(i * perCode, (i + 1) * perCode), this.#memory.codeAt(i) >>> 2);
    }
    this.#codes = codes;
  }

  get bytes(): number {
    return this.#memory.bytes.length;
  }

  /** The lists of codes `first` … `end` − 1, put at the same places of `into`. */
  assign(codes: Codes, into: CodeAssignment, first = 0, end = codes.n): void {
    for (let from = first; from < end; from += states) {
      const queries = Array.from({ length: Math.min(states, end - from) }, (_, i) => wordsAt(codes, from + i));
      this.#scan(queries, 1).forEach(({ positions, distances, count }, i) => {
        // Each candidate was nearer than the one before.
        into.lists[from + i] = positions[count - 1]!;
        into.distances[from + i] = distances[count - 1]!;
      });
    }
  }

  /** The nearest lists of up to 32 queries, nearest first, equally near ones by number. */
  nearest(queries: readonly Uint32Array[], count: number): Float64Array[] {
    return this.#scan(queries, count).map((found) => {
      const keys = new Float64Array(found.count);
      for (let i = 0; i < keys.length; i++) keys[i] = found.distances[i]! * 2 ** 32 + found.positions[i]!;
      return keys
        .sort()
        .subarray(0, count)
        .map((key) => key % 2 ** 32);
    });
  }

  #scan(queries: readonly Uint32Array[], k: number) {
    this.#scanner.start(queries, { k, ties: false });
    this.#scanner.pass(0, this.#codes.n, false);
    return this.#scanner.finish();
  }
}
