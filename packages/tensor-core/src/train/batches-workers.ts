import { Worker } from 'node:worker_threads';
import type { ImageTask } from './batches-prepare.js';
import { batchWorkerCode } from './batches-worker-code.js';
import type { WorkerReply, WorkerTask } from './batches-worker-task.js';
import { requireInteger } from './require-option.js';

/** A thread that prepares batches failed or was ended. */
export class BatchWorkerError extends Error {
  readonly code = 'train/batch-worker';
  override readonly name = 'BatchWorkerError';
}

function failure(cause: unknown): BatchWorkerError {
  // An error that crossed threads may belong to another realm.
  const message = (cause as Partial<Error> | undefined)?.message ?? String(cause);
  return new BatchWorkerError(`a thread that prepares batches failed: ${message}`, { cause });
}

/** What a thread runs, and within which limits: those of node:worker_threads, whose types a user may not have installed. */
interface Program {
  readonly code: string;
  readonly resourceLimits?: { readonly maxOldGenerationSizeMb?: number };
}

interface Waiting {
  resolve(values: Float32Array<ArrayBuffer>): void;
  reject(error: unknown): void;
}

/** One thread and what it still has to answer. Started at the first task, and again after it died. */
class Thread {
  readonly waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  readonly #outbox: WorkerTask[] = [];

  run(program: Program, task: WorkerTask): Promise<Float32Array<ArrayBuffer>> {
    this.#worker ??= this.#start(program);
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      this.waiting.set(task.id, { resolve, reject });
      worker.ref();
      // Waking a thread costs more than the message: tasks that come together are sent together.
      if (this.#outbox.length === 0) queueMicrotask(() => this.#send());
      this.#outbox.push(task);
    });
  }

  #send(): void {
    const tasks = this.#outbox.splice(0);
    if (tasks.length === 0) return;
    this.#worker?.postMessage(
      tasks,
      tasks.map(({ bytes }) => bytes.buffer as ArrayBuffer),
    );
  }

  async end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    this.#failAll(new BatchWorkerError('the threads that prepare batches were ended while a batch was awaited'));
    await worker?.terminate();
  }

  #start({ code, ...limits }: Program): Worker {
    // Neither flags nor environment of the process: a loader in them would be loaded by every thread.
    const worker = new Worker(code, { eval: true, execArgv: [], env: {}, ...limits, name: 'tensor-papers batches' });
    worker.on('message', (reply: WorkerReply) => this.#settle(worker, reply));
    const died = (error: BatchWorkerError) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#failAll(error);
      void worker.terminate();
    };
    worker.on('error', (error) => died(failure(error)));
    worker.on('messageerror', (error) => died(failure(error)));
    worker.on('exit', (exitCode) =>
      died(new BatchWorkerError(`a thread that prepares batches ended by itself with code ${exitCode}`)),
    );
    // An idle thread keeps no process alive.
    worker.unref();
    return worker;
  }

  #settle(worker: Worker, reply: WorkerReply): void {
    // Too late: the thread is being ended, and has to keep the process alive until it is.
    if (this.#worker !== worker) return;
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) worker.unref();
    if ('values' in reply) waiting?.resolve(reply.values);
    else waiting?.reject(failure(reply.error));
  }

  #failAll(error: BatchWorkerError): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    this.#outbox.length = 0;
    for (const { reject } of waiting) reject(error);
  }
}

/** Options of {@link BatchWorkers}. */
export interface BatchWorkersOptions {
  /** Default 1, which is enough for flips, shifts and crops. */
  readonly threads?: number;
}

/**
 * Threads that prepare batches for `workerBatches`, kept from one epoch to the next.
 *
 * They start at the first batch, keep no process alive while they are idle, and a thread that died is started again for the
 * next epoch. Several streams may use them at once.
 *
 * @throws TrainOptionError for a bad number of threads
 * @example
 * const workers = new BatchWorkers({ threads: 2 });
 * await fit({ batches: (epoch) => workerBatches(train, { batchSize: 64, rng, epoch, augment, workers }), … });
 * await workers.close();
 */
export class BatchWorkers {
  readonly threads: number;
  readonly #threads: readonly Thread[];
  readonly #program: Program;
  #nextId = 0;
  #closed = false;

  constructor(
    { threads = 1 }: BatchWorkersOptions = {},
    /** @internal */ program: Program = { code: batchWorkerCode },
  ) {
    requireInteger('BatchWorkers: threads', threads, 1);
    this.threads = threads;
    this.#threads = Array.from({ length: threads }, () => new Thread());
    this.#program = program;
  }

  /**
   * The images of one batch, prepared by the thread that has least to do.
   *
   * @throws BatchWorkerError when the thread dies or is ended; what preparing throws
   */
  async prepare(task: ImageTask): Promise<Float32Array<ArrayBuffer>> {
    if (this.#closed) throw new BatchWorkerError('the threads that prepare batches were ended; make new BatchWorkers');
    const idlest = this.#threads.reduce((least, thread) => (thread.waiting.size < least.waiting.size ? thread : least));
    // A copy of its own: the buffer moves to the thread, and a view would take all that lies behind it along.
    return idlest.run(this.#program, { ...task, bytes: new Uint8Array(task.bytes), id: this.#nextId++ });
  }

  /** Ends the threads; whoever still waits for a batch gets a BatchWorkerError. May be called again. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}
