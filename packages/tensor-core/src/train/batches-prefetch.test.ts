import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { expectNoLeak } from '../../test/tensors.js';
import { type BatchLike, type BatchSource, disposeBatch } from './batch.js';
import { prefetch } from './batches-prefetch.js';
import { TrainOptionError } from './errors.js';

/** Batches 0, 1, … and how many were made so far. */
function counting(length: number, failAt = Number.POSITIVE_INFINITY) {
  const source = {
    length,
    made: 0,
    returned: 0,
    async *[Symbol.asyncIterator]() {
      try {
        for (let i = 0; i < length; i++) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (i === failAt) throw new RangeError(`no batch ${i}`);
          source.made += 1;
          yield { x: tf.scalar(i) };
        }
      } finally {
        source.returned += 1;
      }
    },
  };
  return source;
}

async function readAll(source: AsyncIterable<BatchLike>, seen: number[] = []): Promise<number[]> {
  for await (const batch of source) {
    seen.push(batch.x.dataSync()[0]!);
    disposeBatch(batch);
  }
  return seen;
}

describe('prefetch', () => {
  it.each([1, 2, 7, 20])('yields the same batches, %d ahead', async (ahead) => {
    await expectNoLeak(async () => {
      const source = prefetch(counting(8), { ahead });
      expect(source.length).toBe(8);
      expect(await readAll(source)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(await readAll(source)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    });
  });

  it('asks that many batches ahead, and no more', async () => {
    const source = counting(20);
    let used = 0;
    for await (const batch of prefetch(source, { ahead: 3 })) {
      used += 1;
      await new Promise((resolve) => setTimeout(resolve, 25));
      expect(source.made).toBe(Math.min(20, used + 3));
      disposeBatch(batch);
    }
  });

  it('disposes what nobody took and ends the source when the loop is left', async () => {
    await expectNoLeak(async () => {
      const source = counting(20);
      for await (const batch of prefetch(source, { ahead: 4 })) {
        disposeBatch(batch);
        break;
      }
      expect(source.returned).toBe(1);
      expect(source.made).toBeLessThanOrEqual(6);
    });
  });

  it('brings an error at its place', async () => {
    await expectNoLeak(async () => {
      const seen: number[] = [];
      await expect(readAll(prefetch(counting(9, 3), { ahead: 5 }), seen)).rejects.toThrow('no batch 3');
      expect(seen).toEqual([0, 1, 2]);
    });
  });

  it('takes arrays and data sets of tf.data, whose length may be unknown', async () => {
    expect(await readAll(prefetch([{ x: tf.scalar(4) }, { x: tf.scalar(5) }]))).toEqual([4, 5]);
    const dataset: BatchSource<BatchLike> = tf.data
      .array([1, 2, 3])
      .map((value) => ({ x: tf.scalar(value as number) }));
    const source = prefetch({ iterator: () => (dataset as { iterator(): Promise<never> }).iterator() });
    expect(source).not.toHaveProperty('length');
    expect(await readAll(source)).toEqual([1, 2, 3]);
  });

  it('refuses nothing ahead', () => {
    for (const ahead of [0, 0.5, -1]) expect(() => prefetch([], { ahead })).toThrow(TrainOptionError);
  });
});
