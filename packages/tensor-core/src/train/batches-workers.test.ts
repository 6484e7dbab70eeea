import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { prepareImages } from './batches-prepare.js';
import { BatchWorkerError, BatchWorkers } from './batches-workers.js';
import { TrainOptionError } from './errors.js';

const packageFolder = join(__dirname, '..', '..');
const task = (count = 3) => ({
  bytes: Uint8Array.from({ length: count * 16 }, (_, i) => (i * 37) % 256),
  shape: [count, 4, 4, 1] as const,
  augment: { augmentation: [{ kind: 'shift', pixels: 2 } as const], rng: createRng(5).state() },
});

const opened: BatchWorkers[] = [];
const workers = (...options: ConstructorParameters<typeof BatchWorkers>) => {
  opened.push(new BatchWorkers(...options));
  return opened.at(-1)!;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

describe('BatchWorkers', () => {
  it('prepare images as this thread does, and leave the bytes alone', async () => {
    const pool = workers({ threads: 2 });
    const tasks = [1, 2, 3, 4, 5].map(task);
    const before = tasks.map(({ bytes }) => bytes.slice());
    const prepared = await Promise.all(tasks.map((each) => pool.prepare(each)));
    expect(tasks.map(({ bytes }) => bytes)).toEqual(before);
    expect(prepared).toEqual(tasks.map(prepareImages));
    expect(prepared[0]).not.toEqual(prepareImages({ bytes: before[0]!, shape: [1, 4, 4, 1] }));
  });

  it('take bytes that are a view of something larger', async () => {
    const all = Buffer.alloc(64, 51);
    const values = await workers().prepare({ bytes: all.subarray(8, 24), shape: [1, 4, 4, 1] });
    expect(values).toEqual(new Float32Array(16).fill(51 / 255));
    expect(values.buffer.byteLength).toBe(64);
    expect(all).toEqual(Buffer.alloc(64, 51));
  });

  it('pass on what preparing throws, and go on', async () => {
    const pool = workers();
    const bad = pool.prepare({ bytes: new Uint8Array(5), shape: [1, 4, 4, 1], augment: task().augment });
    const good = pool.prepare(task());
    await expect(bad).rejects.toThrow(BatchWorkerError);
    await expect(bad).rejects.toThrow('expected the values of 1×4×4×1, got 5 values');
    expect(await good).toEqual(prepareImages(task()));
  });

  it.each([
    ['throws', 'throw new TypeError("out of ideas")', 'failed: out of ideas'],
    ['leaves', 'process.exit(3)', 'ended by itself with code 3'],
    ['is out of memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(all.length))', 'memory'],
  ])('say that a thread %s to all who wait, and start it again for the next', async (_, what, message) => {
    const code = `
      const { parentPort } = require('node:worker_threads');
      parentPort.on('message', (tasks) => {
        for (const { id, bytes } of tasks) {
          if (bytes[0] === 0) setTimeout(() => { ${what} }, 50);
          else parentPort.postMessage({ id, values: new Float32Array([bytes[0]]) });
        }
      });`;
    const pool = workers({ threads: 1 }, { code, resourceLimits: { maxOldGenerationSizeMb: 30 } });
    const send = (byte: number) => pool.prepare({ bytes: Uint8Array.of(byte), shape: [1, 1, 1, 1] });
    const results = await Promise.allSettled([send(7), send(0), send(0)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const result of results.slice(1)) {
      const { reason } = result as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(BatchWorkerError);
      expect(reason.message).toContain(message);
    }
    expect(await send(9)).toEqual(Float32Array.of(9));
  });

  it('tell those who wait when they are closed, and take nothing afterwards', async () => {
    const pool = workers();
    const waiting = expect(pool.prepare(task())).rejects.toThrow(BatchWorkerError);
    await pool.close();
    await waiting;
    await expect(pool.prepare(task())).rejects.toThrow('make new BatchWorkers');
    await pool.close();
  });

  it('refuse no thread, and half a thread', () => {
    for (const threads of [0, 1.5, -1]) expect(() => new BatchWorkers({ threads })).toThrow(TrainOptionError);
  });

  it('run the program that the sources make', () => {
    const check = () =>
      execFileSync(process.execPath, ['scripts/make-batch-worker.mjs', '--check'], {
        cwd: packageFolder,
        encoding: 'utf8',
      });
    expect(check).not.toThrow();
  });
});
