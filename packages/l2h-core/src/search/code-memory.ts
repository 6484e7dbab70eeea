import { HashOptionError } from '../errors.js';
import { shown } from '../shown.js';
import { CodeLayout } from './code-layout.js';
import { IndexFullError } from './errors.js';
import { type Scan, scanInJs } from './scan-in-js.js';
import { scanKernel, sharedScanKernel } from './scan-kernel.js';

/** Who scans: WebAssembly, or the same in JavaScript. */
export type ScanKernel = 'wasm' | 'js';

const pageBytes = 65_536;
/** A page less than 4 GiB, so that no pointer wraps to 0. */
const largestBytes = 65_535 * pageBytes;

const compiled = new Map<string, WebAssembly.Module>();

/** The module, or undefined where WebAssembly is missing or forbidden (a content security policy without wasm-unsafe-eval). */
function moduleOf(kernel: string): WebAssembly.Module | undefined {
  if (compiled.has(kernel) || typeof WebAssembly === 'undefined') return compiled.get(kernel);
  try {
    compiled.set(kernel, new WebAssembly.Module(Uint8Array.from(atob(kernel), (character) => character.charCodeAt(0))));
  } catch {}
  return compiled.get(kernel);
}

/** The kernel on a memory of its own or a shared one. */
export function wasmScan(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  allowed: (position: number) => number,
): Scan {
  const scan = new WebAssembly.Instance(module, { scan: { memory, allowed } }).exports.scan as Scan;
  return (...call) => scan(...call) >>> 0;
}

/** What another thread needs to scan a shared memory. */
export interface SharedMemory {
  readonly wasm: { readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory } | undefined;
  /** The words as they are now; without WebAssembly, growth replaces them. */
  readonly words: Uint32Array;
}

/** Options of {@link CodeMemory}. */
export interface CodeMemoryOptions {
  /** The class that messages name. Default `index`. */
  readonly what?: string;
  /** Default: WebAssembly where there is such. */
  readonly kernel?: ScanKernel | undefined;
  /** So many other threads scan it: it has to be shared. Default 0. */
  readonly threads?: number;
}

/** The memory of an index. It grows and never shrinks; `words` and `bytes` are views that growth replaces. */
export class CodeMemory extends CodeLayout {
  readonly what: string;
  readonly kernel: ScanKernel;
  words: Uint32Array;
  bytes: Uint8Array;
  readonly scan: Scan;
  /** Asked for candidates where a state is filtered; 0 or 1. */
  allowed: (position: number) => number = () => 1;
  readonly #wasm: SharedMemory['wasm'];
  readonly #grow: (bytes: number) => ArrayBufferLike;

  constructor(bits: number, { what = 'index', kernel, threads = 0 }: CodeMemoryOptions = {}) {
    super(bits, 1 + threads);
    this.what = what;
    if (kernel !== undefined && kernel !== 'wasm' && kernel !== 'js') {
      throw new HashOptionError(`${what}: kernel: expected 'wasm' or 'js', got ${shown(kernel)}`);
    }
    const shared = threads > 0;
    const allowed = (position: number) => this.allowed(position);
    const module = kernel === 'js' ? undefined : moduleOf(shared ? sharedScanKernel : scanKernel);
    if (module === undefined) {
      if (kernel === 'wasm')
        throw new HashOptionError(`${what}: kernel: WebAssembly is missing here; use 'js', or leave it out`);
      this.kernel = 'js';
      this.#grow = (bytes) => {
        const grown = new Uint8Array(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
        if (this.bytes !== undefined) grown.set(this.bytes);
        return grown.buffer;
      };
      this.scan = (...call) => scanInJs(this.words, allowed, ...call);
    } else {
      this.kernel = 'wasm';
      const memory = new WebAssembly.Memory({ initial: 1, maximum: largestBytes / pageBytes, shared });
      this.#wasm = { module, memory };
      this.#grow = (bytes) => {
        memory.grow((bytes - memory.buffer.byteLength) / pageBytes);
        return memory.buffer;
      };
      this.scan = wasmScan(module, memory, allowed);
    }
    const buffer = this.#grow(Math.ceil(this.chunksAt / pageBytes) * pageBytes);
    [this.words, this.bytes] = [new Uint32Array(buffer), new Uint8Array(buffer)];
  }

  /** For other threads; only of a memory that was made for them. */
  shared(): SharedMemory {
    return { wasm: this.#wasm, words: this.words };
  }

  /** Makes room for `n` codes. @throws IndexFullError; the memory is as before */
  reserve(n: number): void {
    const needed = this.bytesFor(n);
    if (needed <= this.bytes.length) return;
    const wanted = Math.min(Math.max(needed, this.bytes.length * 1.125), largestBytes);
    let buffer: ArrayBufferLike | undefined;
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
        `${this.what}.add: ${n} codes of ${64 * this.words64} bits need ${(needed / 2 ** 20).toFixed(0)} MiB; ${needed > largestBytes ? 'an index holds less than 4 GiB' : 'the system has no more memory'}: split the codes over several indexes`,
      );
    }
    [this.words, this.bytes] = [new Uint32Array(buffer), new Uint8Array(buffer)];
  }
}
