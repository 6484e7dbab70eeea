import { HashError } from '../errors.js';
import type { Found, ScanReply, ScanSetup, ScanTask } from './scan-task.js';
import { scanWorkerCode } from './scan-worker-code.js';

/** A thread of a parallel index could not start, failed or was ended. */
export class ScanWorkerError extends HashError {
  readonly code = 'l2h/scan-worker';
  override readonly name = 'ScanWorkerError';
}

/** A thread of Node or of a browser. */
interface Thread {
  post(message: ScanSetup | ScanTask): void;
  /** Whether the thread keeps the process alive. */
  hold(held: boolean): void;
  end(): Promise<void>;
}

interface Listener {
  answered(reply: ScanReply): void;
  died(cause: unknown): void;
}

// Neither an import nor a require: a browser's bundler would look for the module.
const nodeThreads = () => globalThis.process?.getBuiltinModule?.('node:worker_threads');

/** How many threads can run at the same time. */
export const processors = (): number =>
  globalThis.process?.getBuiltinModule?.('node:os').availableParallelism() ??
  globalThis.navigator?.hardwareConcurrency ??
  1;

/** Whether threads and memory that they share are to be had: Node, or a page that is isolated from other origins. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  return nodeThreads() !== undefined || (typeof Worker !== 'undefined' && globalThis.crossOriginIsolated === true);
}

function startThread(listener: Listener): Thread {
  const node = nodeThreads();
  if (node !== undefined) {
    // Neither flags nor environment of the process: a loader in them would be loaded by every thread.
    const worker = new node.Worker(scanWorkerCode, { eval: true, execArgv: [], env: {}, name: 'l2h scan' });
    worker.on('message', (reply: ScanReply) => listener.answered(reply));
    worker.on('messageerror', (error) => listener.died(error));
    worker.on('error', (error) => listener.died(error));
    worker.on('exit', (code) => listener.died(new Error(`it ended with code ${code}`)));
    worker.unref();
    return {
      post: (message) => worker.postMessage(message),
      hold: (held) => (held ? worker.ref() : worker.unref()),
      end: async () => {
        await worker.terminate();
      },
    };
  }
  const address = URL.createObjectURL(new Blob([scanWorkerCode], { type: 'text/javascript' }));
  const worker = new Worker(address, { name: 'l2h scan' });
  worker.onmessage = ({ data }: MessageEvent<ScanReply>) => listener.answered(data);
  worker.onmessageerror = () => listener.died(new Error('a message could not be read'));
  worker.onerror = ({ message }) => listener.died(new Error(message));
  return {
    post: (message) => worker.postMessage(message),
    hold: () => {},
    end: async () => {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}

interface Waiting {
  readonly replies: Found[];
  resolve(replies: Found[]): void;
  reject(error: ScanWorkerError): void;
}

/** Threads that search one index together. They start with the first search. */
export class ScanWorkers {
  readonly #waiting = new Map<number, Waiting>();
  #threads: Thread[] | undefined;
  #next = 0;

  /** @param setup of the thread at each place from 1 on */
  constructor(
    readonly count: number,
    readonly setup: (place: number) => ScanSetup,
  ) {}

  /** Searches that are not answered yet. */
  get running(): number {
    return this.#waiting.size;
  }

  /** What each thread found. @throws ScanWorkerError */
  run(task: Omit<ScanTask, 'id'>): Promise<Found[]> {
    return new Promise((resolve, reject) => {
      let threads: Thread[];
      try {
        threads = this.#threads ??= this.#start();
      } catch (cause) {
        reject(failure(cause));
        return;
      }
      const id = this.#next++;
      this.#waiting.set(id, { replies: [], resolve, reject });
      for (const thread of threads) {
        thread.hold(true);
        thread.post({ ...task, id });
      }
    });
  }

  /** Ends the threads; searches that still run are rejected. */
  async end(): Promise<void> {
    const threads = this.#threads ?? [];
    this.#threads = undefined;
    this.#fail(new ScanWorkerError('the index was closed while it searched; await its searches first'));
    await Promise.all(threads.map((thread) => thread.end()));
  }

  #start(): Thread[] {
    const started: Thread[] = [];
    const listener: Listener = {
      answered: (reply) => {
        if (this.#threads === started) this.#answered(reply);
      },
      died: (cause) => {
        if (this.#threads !== started) return;
        this.#threads = undefined;
        this.#fail(failure(cause));
        for (const thread of started) void thread.end();
      },
    };
    for (let place = 1; place <= this.count; place++) {
      const thread = startThread(listener);
      started.push(thread);
      thread.post(this.setup(place));
    }
    return started;
  }

  #answered(reply: ScanReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (waiting === undefined) return;
    if ('error' in reply) {
      this.#waiting.delete(reply.id);
      waiting.reject(failure(reply.error));
    } else {
      waiting.replies.push(reply);
      if (waiting.replies.length < this.count) return;
      this.#waiting.delete(reply.id);
      waiting.resolve(waiting.replies);
    }
    if (this.#waiting.size === 0) for (const thread of this.#threads ?? []) thread.hold(false);
  }

  #fail(error: ScanWorkerError): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

function failure(cause: unknown): ScanWorkerError {
  // An error that crossed threads may belong to another realm.
  const message = (cause as Partial<Error> | undefined)?.message ?? String(cause);
  return new ScanWorkerError(`a thread that searches failed: ${message}; \`workers: 0\` searches without threads`, {
    cause,
  });
}
