import { HashOptionError } from '../errors.js';
import { IndexFullError } from './errors.js';
import { type Scan, scanInJs } from './scan-in-js.js';
import { scanKernel } from './scan-kernel.js';
import { stateBytes } from './scan-state.js';

/** Who scans: WebAssembly, or the same in JavaScript. */
export type ScanKernel = 'wasm' | 'js';

/** Codes of one chunk; its bitmap of removed positions lies before them. */
export const chunkCodes = 65_536;
const bitmapBytes = chunkCodes / 8;
const pageBytes = 65_536;
/** A page less than 4 GiB, so that no pointer wraps to 0. */
const largestBytes = 65_535 * pageBytes;

/** Queries that are scanned for together. */
export const states = 32;

let compiled: WebAssembly.Module | undefined;

/** The module, or undefined where WebAssembly is missing or forbidden (a content security policy without wasm-unsafe-eval). */
function scanModule(): WebAssembly.Module | undefined {
  if (compiled !== undefined || typeof WebAssembly === 'undefined') return compiled;
  try {
    compiled = new WebAssembly.Module(Uint8Array.from(atob(scanKernel), (character) => character.charCodeAt(0)));
  } catch {}
  return compiled;
}

/**
 * The memory of an index: states of queries, then chunks of 65,536 codes of whole 64-bit words, each behind its bitmap of removed positions.
 * It grows and never shrinks. `words` and `bytes` are views that growth replaces.
 */
export class CodeMemory {
  readonly kernel: ScanKernel;
  /** 64-bit words of a code. */
  readonly words64: number;
  readonly stateBytes: number;
  words: Uint32Array;
  bytes: Uint8Array;
  readonly scan: Scan;
  /** Asked for candidates where a state is filtered; 0 or 1. */
  allowed: (position: number) => number = () => 1;
  readonly #chunksAt: number;
  readonly #grow: (bytes: number) => ArrayBuffer;

  constructor(bits: number, kernel?: ScanKernel) {
    if (kernel !== undefined && kernel !== 'wasm' && kernel !== 'js') {
      throw new HashOptionError(`kernel: expected 'wasm' or 'js', got ${kernel}`);
    }
    this.words64 = Math.ceil(bits / 64);
    this.stateBytes = stateBytes(bits, this.words64);
    this.#chunksAt = states * this.stateBytes;
    const allowed = (position: number) => this.allowed(position);
    const module = kernel === 'js' ? undefined : scanModule();
    if (module === undefined) {
      if (kernel === 'wasm')
        throw new HashOptionError(`kernel: WebAssembly is missing here; use 'js', or leave it out`);
      this.kernel = 'js';
      this.#grow = (bytes) => {
        const grown = new Uint8Array(bytes);
        if (this.bytes !== undefined) grown.set(this.bytes);
        return grown.buffer;
      };
      this.scan = (...call) => scanInJs(this.words, allowed, ...call);
    } else {
      this.kernel = 'wasm';
      const memory = new WebAssembly.Memory({ initial: 1, maximum: largestBytes / pageBytes });
      const scan = new WebAssembly.Instance(module, { scan: { memory, allowed } }).exports.scan as Scan;
      this.#grow = (bytes) => {
        memory.grow((bytes - memory.buffer.byteLength) / pageBytes);
        return memory.buffer;
      };
      this.scan = (...call) => scan(...call) >>> 0;
    }
    const buffer = this.#grow(Math.ceil(this.#chunksAt / pageBytes) * pageBytes);
    [this.words, this.bytes] = [new Uint32Array(buffer), new Uint8Array(buffer)];
  }

  /** Makes room for `n` codes. @throws IndexFullError; the memory is as before */
  reserve(n: number): void {
    const needed = this.bytesFor(n);
    if (needed <= this.bytes.length) return;
    const wanted = Math.min(Math.max(needed, this.bytes.length * 1.125), largestBytes);
    let buffer: ArrayBuffer | undefined;
    if (needed <= largestBytes) {
      for (const bytes of [wanted, needed]) {
        try {
          buffer = this.#grow(Math.ceil(bytes / pageBytes) * pageBytes);
          break;
        } catch {}
      }
    }
    if (buffer === undefined) {
      throw new IndexFullError(
        `add: ${n} codes of ${64 * this.words64} bits need ${(needed / 2 ** 20).toFixed(0)} MiB; ${needed > largestBytes ? 'an index holds less than 4 GiB' : 'the system has no more memory'}: split the codes over several indexes`,
      );
    }
    [this.words, this.bytes] = [new Uint32Array(buffer), new Uint8Array(buffer)];
  }

  bytesFor(n: number): number {
    const chunks = Math.ceil(n / chunkCodes);
    return this.#chunksAt + chunks * bitmapBytes + n * 8 * this.words64;
  }

  /** The byte where the bitmap of a position's chunk starts. */
  bitmapAt(position: number): number {
    return this.#chunksAt + Math.floor(position / chunkCodes) * (bitmapBytes + chunkCodes * 8 * this.words64);
  }

  /** The byte where a code starts. */
  codeAt(position: number): number {
    return this.bitmapAt(position) + bitmapBytes + (position % chunkCodes) * 8 * this.words64;
  }
}
