import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng } from '@tensor-papers/numerics/random';
import fc from 'fast-check';
import { syntheticData } from '../../test/synthetic-data.js';
import { expectNoLeak } from '../../test/tensors.js';
import { type BatchSource, disposeBatch } from './batch.js';
import { batches } from './batches.js';
import { type WorkerBatchesOptions, workerBatches } from './batches-in-workers.js';
import { BatchWorkerError, BatchWorkers } from './batches-workers.js';
import { BatchDataError, LabelRangeError, TrainOptionError } from './errors.js';

const packageFolder = join(__dirname, '..', '..');
const augment: Augmentation = [
  { kind: 'flip' },
  { kind: 'crop', padding: 1, size: [5, 4] },
  { kind: 'affine', degrees: 20, scale: [0.8, 1.2] },
  { kind: 'gaussian-noise', sigma: [0, 0.2] },
];

async function readAll(source: BatchSource): Promise<object[]> {
  const read: object[] = [];
  for await (const batch of source as AsyncIterable<import('./batch.js').Batch>) {
    const { x, y, indices } = batch;
    read.push({ shape: x.shape, x: x.dataSync().slice(), y: y!.dataSync().slice(), indices });
    disposeBatch(batch);
  }
  return read;
}

describe('workerBatches', () => {
  const data = syntheticData({ length: 23 });
  const pool = new BatchWorkers({ threads: 2 });
  afterAll(() => pool.close());

  it('yields what batches yields, to the bit, whatever the threads and the length of the queue', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(3),
        fc.nat(),
        fc.boolean(),
        async (batchSize, ahead, epoch, seed, dropLast) => {
          const options = { batchSize, epoch, rng: createRng(seed), augment, dropLast };
          const source = workerBatches(data, { ...options, workers: pool, ahead });
          const expected = batches(data, options);
          expect(source.length).toBe(expected.length);
          expect(await readAll(source)).toEqual(await readAll(expected));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('starts threads of its own, yields the same again, and needs neither rng nor augmentation', async () => {
    await expectNoLeak(async () => {
      const expected = await readAll(batches(data, { batchSize: 4 }));
      const source = workerBatches(data, { batchSize: 4 });
      expect(await readAll(source)).toEqual(expected);
      expect(await readAll(source)).toEqual(expected);
      expect(await readAll(workerBatches(syntheticData({ length: 0 }), { batchSize: 4 }))).toEqual([]);
    });
  });

  it('keeps the order when a late batch is read before an early one', async () => {
    let calls = 0;
    const uneven: DataSet = {
      ...data,
      images: async (indices) => {
        const delay = 20 - 6 * (calls++ % 4);
        await new Promise((resolve) => setTimeout(resolve, delay));
        return data.images(indices);
      },
    };
    const options = { batchSize: 4, rng: createRng(2), augment };
    expect(await readAll(workerBatches(uneven, { ...options, workers: pool, ahead: 4 }))).toEqual(
      await readAll(batches(data, options)),
    );
  });

  it.each([1, 3, 6])('reads half of %d batches ahead at least, and no further', async (ahead) => {
    let reads = 0;
    const counted: DataSet = {
      ...data,
      images: (indices) => {
        reads += 1;
        return data.images(indices);
      },
    };
    let used = 0;
    for await (const batch of workerBatches(counted, { batchSize: 2, workers: pool, ahead })) {
      used += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(reads).toBeLessThanOrEqual(Math.min(12, used + ahead));
      expect(reads).toBeGreaterThanOrEqual(Math.min(12, used + ahead / 2));
      disposeBatch(batch);
    }
    expect(used).toBe(12);
  });

  const failing: [string, Partial<DataSet>, new (message: string) => Error, string][] = [
    [
      'a label outside the classes',
      { labels: data.labels.map((label, i) => (i === 9 ? 7 : label)) },
      LabelRangeError,
      'example 9: expected a label in 0 … 2',
    ],
    [
      'a rejected read',
      {
        images: async (indices) =>
          indices[0] === 8 ? Promise.reject(new RangeError('bad sector')) : data.images(indices),
      },
      RangeError,
      'bad sector',
    ],
    [
      'too few bytes',
      { images: (indices) => (indices[0] === 8 ? new Uint8Array(3) : data.images(indices)) },
      BatchDataError,
      'got 3 bytes',
    ],
  ];
  it.each(failing)('brings %s with the batch it belongs to', async (_, broken, kind, message) => {
    for (const ahead of [1, 5]) {
      await expectNoLeak(async () => {
        const seen: number[] = [];
        const read = (async () => {
          for await (const batch of workerBatches({ ...data, ...broken }, { batchSize: 4, workers: pool, ahead })) {
            seen.push(batch.indices![0]!);
            disposeBatch(batch);
          }
        })();
        await expect(read).rejects.toThrow(kind);
        await expect(read).rejects.toThrow(message);
        expect(seen).toEqual([0, 4]);
      });
    }
  });

  it('refuses a bad augmentation as batches does', async () => {
    const bad = { batchSize: 4, rng: createRng(1), augment: [{ kind: 'shift', pixels: 99 } as const] };
    const codes = await Promise.all(
      [batches(data, bad), workerBatches(data, { ...bad, workers: pool })].map((source) =>
        readAll(source).catch((error) => [error.code, error.message]),
      ),
    );
    expect(codes[0]).toEqual(codes[1]);
    expect(codes[0]![0]).toBe('augment/bad-parameter');
  });

  it('brings the death of a thread with a batch that it had, and works again afterwards', async () => {
    const source = workerBatches(data, { batchSize: 4, workers: pool });
    const iterator = source[Symbol.asyncIterator]();
    disposeBatch((await iterator.next()).value);
    const other = new BatchWorkers();
    const dying = workerBatches(data, { batchSize: 4, workers: other })[Symbol.asyncIterator]();
    disposeBatch((await dying.next()).value);
    await other.close();
    await expect(
      (async () => {
        for (;;) {
          const result = await dying.next();
          if (result.done) return;
          disposeBatch(result.value);
        }
      })(),
    ).rejects.toThrow(BatchWorkerError);
    await iterator.return!();
    expect(await readAll(source)).toEqual(await readAll(batches(data, { batchSize: 4 })));
  });

  it('ends with the reason of the signal, before a batch that never comes', async () => {
    const controller = new AbortController();
    const stuck: DataSet = {
      ...data,
      images: (indices) => (indices[0] === 4 ? new Promise(() => {}) : data.images(indices)),
    };
    await expectNoLeak(async () => {
      const read = (async () => {
        for await (const batch of workerBatches(stuck, { batchSize: 4, signal: controller.signal })) {
          disposeBatch(batch);
          setTimeout(() => controller.abort(new Error('enough')), 20);
        }
      })();
      await expect(read).rejects.toThrow('enough');
      const { signal } = controller;
      await expect(readAll(workerBatches(data, { batchSize: 4, workers: pool, signal }))).rejects.toThrow('enough');
    });
  });

  it.each<[string, Partial<WorkerBatchesOptions>]>([
    ['no thread', { workers: 0 }],
    ['nothing ahead', { ahead: 0 }],
    ['half a batch ahead', { ahead: 1.5 }],
    ['a batch of no examples', { batchSize: 0 }],
  ])('refuses %s', (_, options) => {
    expect(() => workerBatches(data, { batchSize: 4, ...options })).toThrow(TrainOptionError);
  });

  it('runs from the sources and leaves nothing that keeps a process alive', () => {
    const program = `
      import { createRng } from '@tensor-papers/numerics/random';
      import { syntheticData } from './test/synthetic-data.ts';
      import { BatchWorkers, workerBatches } from './src/train/node.ts';
      const data = syntheticData({ length: 40 });
      const options = { batchSize: 4, rng: createRng(1), augment: [{ kind: 'flip' }] };
      const seen = [];
      let threads = 0;
      process.on('worker', (worker) => {
        threads += 1;
        worker.once('exit', () => (threads -= 1));
      });
      for await (const { indices } of workerBatches(data, { ...options, workers: 2 })) {
        seen.push(indices.length);
        if (seen.length === 2) break;
      }
      seen.push(threads);
      // Neither closed nor read to the end.
      const workers = new BatchWorkers();
      const abandoned = workerBatches(data, { ...options, workers })[Symbol.asyncIterator]();
      seen.push((await abandoned.next()).value.indices.length);
      const controller = new AbortController();
      try {
        for await (const _ of workerBatches(data, { ...options, signal: controller.signal })) controller.abort();
      } catch (error) {
        seen.push(error.name);
      }
      console.log(JSON.stringify(seen));
    `;
    const tsx = pathToFileURL(createRequire(join(packageFolder, 'package.json')).resolve('tsx')).href;
    const flags = ['--conditions=@tensor-papers/source', '--import', tsx, '--input-type=module', '--eval', program];
    const output = execFileSync(process.execPath, flags, { cwd: packageFolder, encoding: 'utf8', timeout: 30_000 });
    expect(JSON.parse(output.trim().split('\n').at(-1)!)).toEqual([4, 4, 0, 4, 'AbortError']);
  });
});
