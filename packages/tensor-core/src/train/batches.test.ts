import { describe, expect, it } from '@jest/globals';
import { type Augmentation, augmentBatch } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { syntheticData } from '../../test/synthetic-data.js';
import { expectNoLeak } from '../../test/tensors.js';
import { type BatchesOptions, batches } from './batches.js';
import { BatchDataError, LabelRangeError, TrainOptionError } from './errors.js';

interface Read {
  readonly shape: number[];
  readonly x: number[];
  readonly y: number[];
  readonly indices: number[];
}

async function readAll(data: DataSet, options: BatchesOptions): Promise<Read[]> {
  const read: Read[] = [];
  for await (const { x, y, indices } of batches(data, options)) {
    read.push({
      shape: x.shape,
      x: Array.from(x.dataSync()),
      y: Array.from(y!.dataSync()),
      indices: Array.from(indices!),
    });
    tf.dispose([x, y!]);
  }
  return read;
}

const order = (read: Read[]) => read.flatMap((batch) => batch.indices);

describe('batches', () => {
  const data = syntheticData({ length: 10 });

  it('yields every example once, in order without rng, as float32 in [0, 1] and int32 labels', async () => {
    await expectNoLeak(async () => {
      const read = await readAll(data, { batchSize: 4 });
      expect(read.map((batch) => batch.shape)).toEqual([
        [4, 6, 6, 1],
        [4, 6, 6, 1],
        [2, 6, 6, 1],
      ]);
      expect(order(read)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(read.flatMap((batch) => batch.y)).toEqual(Array.from(data.labels));
      const bytes = data.images([0, 1, 2, 3]) as Uint8Array;
      expect(read[0]!.x).toEqual(Array.from(bytes, (byte) => Math.fround(byte / 255)));
    });
    const { x, y } = (await batches(data, { batchSize: 4 })[Symbol.asyncIterator]().next()).value!;
    expect([x.dtype, y!.dtype]).toEqual(['float32', 'int32']);
    tf.dispose([x, y!]);
  });

  it('knows its length before it is read, and drops an incomplete last batch on request', async () => {
    expect(batches(data, { batchSize: 4 }).length).toBe(3);
    expect(batches(data, { batchSize: 5 }).length).toBe(2);
    const options = { batchSize: 4, dropLast: true };
    expect(batches(data, options).length).toBe(2);
    expect((await readAll(data, options)).map((batch) => batch.indices.length)).toEqual([4, 4]);
    expect(batches(data, { batchSize: 11, dropLast: true }).length).toBe(0);
  });

  it('yields a permutation that keeps image, label and index together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.nat(5), fc.nat(1000), async (batchSize, epoch, seed) => {
        const read = await readAll(data, { batchSize, epoch, rng: createRng(seed) });
        expect(order(read).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        for (const batch of read) {
          batch.indices.forEach((index, row) => {
            expect(batch.y[row]).toBe(data.labels[index]);
            expect(batch.x[row * 36]).toBe(Math.fround(index / 255));
          });
        }
      }),
      { numRuns: 20 },
    );
  });

  it('decides order by rng and epoch alone', async () => {
    const rng = createRng(3);
    const options = { batchSize: 4, rng, epoch: 2 };
    const first = await readAll(data, options);
    rng.uniform();
    const stream = batches(data, options);
    expect(await readAll(data, options)).toEqual(first);
    expect(stream.length).toBe(3);
    expect(order(await readAll(data, { ...options, batchSize: 7 }))).toEqual(order(first));
    expect(order(await readAll(data, { ...options, epoch: 3 }))).not.toEqual(order(first));
    expect(order(await readAll(data, { ...options, rng: createRng(4) }))).not.toEqual(order(first));
    expect(order(await readAll(data, { ...options, shuffle: false }))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('yields the same batches when it is iterated again', async () => {
    const stream = batches(data, { batchSize: 10, rng: createRng(3) });
    const seen: number[][] = [];
    for (let pass = 0; pass < 2; pass++) {
      for await (const batch of stream) {
        seen.push(Array.from(batch.indices!));
        tf.dispose([batch.x, batch.y!]);
      }
    }
    expect(seen).toHaveLength(2);
    expect(seen[0]).toEqual(seen[1]);
  });

  it('augments the images: always the same way for a seed and an epoch, and every example for itself', async () => {
    const same = { ...data, labels: new Int32Array(10), images: (indices: ArrayLike<number>) => ramp(indices.length) };
    const augment: Augmentation = [{ kind: 'shift', pixels: 3 }];
    const options = { batchSize: 5, rng: createRng(5), shuffle: false, augment };
    const first = await readAll(same, options);
    expect(await readAll(same, options)).toEqual(first);
    const images = first.flatMap((batch) => [0, 1, 2, 3, 4].map((i) => batch.x.slice(i * 36, (i + 1) * 36).join()));
    expect(new Set(images).size).toBeGreaterThan(5);
    expect((await readAll(same, { ...options, epoch: 1 }))[0]!.x).not.toEqual(first[0]!.x);
    const plain = await readAll(same, { ...options, augment: [] });
    expect(plain).toEqual(await readAll(same, { batchSize: 5 }));
  });

  it('draws the augmentation of a batch from a stream of its epoch and step', async () => {
    const rng = createRng(5);
    const augment: Augmentation = [{ kind: 'shift', pixels: 3 }, { kind: 'flip' }];
    const read = await readAll(data, { batchSize: 4, rng, shuffle: false, augment, epoch: 2 });
    const bytes = data.images([4, 5, 6, 7]) as Uint8Array;
    const values = Float32Array.from(bytes, (byte) => byte / 255);
    const stream = rng.stream('augment').stream(2).stream(1);
    expect(read[1]!.x).toEqual(Array.from(augmentBatch(values, [4, 6, 6, 1], augment, stream)));
  });

  it('takes the size that the crops leave', async () => {
    const augment: Augmentation = [{ kind: 'center-crop', size: [4, 2] }];
    const [first] = await readAll(data, { batchSize: 10, rng: createRng(1), shuffle: false, augment });
    expect(first!.shape).toEqual([10, 4, 2, 1]);
    const bytes = data.images([0]) as Uint8Array;
    expect(first!.x.slice(0, 2)).toEqual([bytes[8]!, bytes[9]!].map((byte) => Math.fround(byte / 255)));
  });

  it('uses the chosen examples only, repeated ones as often as they are listed', async () => {
    const indices = [7, 2, 2, 9];
    expect(order(await readAll(data, { batchSize: 3, indices }))).toEqual(indices);
    const shuffled = order(await readAll(data, { batchSize: 3, indices, rng: createRng(1) }));
    expect(shuffled.toSorted((a, b) => a - b)).toEqual([2, 2, 7, 9]);
    expect(await readAll(data, { batchSize: 3, indices: [] })).toEqual([]);
  });

  it('waits for images that are promised', async () => {
    const slow: DataSet = { ...data, images: async (indices) => await data.images(indices) };
    expect(await readAll(slow, { batchSize: 4 })).toEqual(await readAll(data, { batchSize: 4 }));
  });

  it('has no batches for an empty data set', async () => {
    const empty = syntheticData({ length: 0 });
    expect(batches(empty, { batchSize: 4 }).length).toBe(0);
    expect(await readAll(empty, { batchSize: 4, rng: createRng(1) })).toEqual([]);
  });

  it('takes a missing label and refuses one outside the classes, naming the example', async () => {
    const labelled = (label: number): DataSet => ({
      ...data,
      labels: data.labels.map((l, i) => (i === 6 ? label : l)),
    });
    expect((await readAll(labelled(-1), { batchSize: 10 }))[0]!.y[6]).toBe(-1);
    for (const label of [3, -2]) {
      await expectNoLeak(async () => {
        const read = readAll(labelled(label), { batchSize: 4 });
        await expect(read).rejects.toThrow(LabelRangeError);
        await expect(read).rejects.toThrow(`example 6: expected a label in 0 … 2 (−1 where missing), got ${label}`);
      });
    }
  });

  it('refuses a data set that breaks its own description', async () => {
    expect(() => batches({ ...data, labels: new Int32Array(9) }, { batchSize: 4 })).toThrow(BatchDataError);
    const short: DataSet = { ...data, images: () => new Uint8Array(5) };
    await expect(readAll(short, { batchSize: 4 })).rejects.toThrow(
      'data set synthetic: expected 4 images of 6×6×1 bytes, got 5 bytes',
    );
  });

  it.each<[string, Partial<BatchesOptions>]>([
    ['a batch of no examples', { batchSize: 0 }],
    ['a fraction of an example', { batchSize: 1.5 }],
    ['a negative epoch', { epoch: -1 }],
    ['shuffling without rng', { shuffle: true }],
    ['augmentation without rng', { augment: [{ kind: 'flip' }] }],
    ['an index past the end', { indices: [0, 10] }],
    ['a negative index', { indices: [-1] }],
    ['an index between two', { indices: [0.5] }],
  ])('refuses %s', (_, options) => {
    expect(() => batches(data, { batchSize: 4, ...options })).toThrow(TrainOptionError);
  });
});

/** Images whose every pixel differs. */
function ramp(count: number): Uint8Array {
  return Uint8Array.from({ length: count * 36 }, (_, i) => 10 + 5 * (i % 36));
}
