// How much of an epoch the engine is busy, without threads and with them: a step-bound epoch on images like Fashion-MNIST's.
// node --conditions=@tensor-papers/source --import tsx bench/prefetch.ts [examples] [augmentation as JSON]
import { useEngine } from '@tensor-papers/engine';
import type { Augmentation } from '@tensor-papers/numerics/augment';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { adamW, type BatchSource, batches, fit, prefetch } from '../src/train/index.js';
import { BatchWorkers, workerBatches } from '../src/train/node.js';

const examples = Number(process.argv[2] ?? 60_000);
const augment: Augmentation = JSON.parse(process.argv[3] ?? '[{"kind":"shift","pixels":2},{"kind":"flip"}]');
const side = 28;
const classes = 10;

function images(): DataSet {
  const size = side * side;
  const pixels = new Uint8Array(examples * size);
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[i] = state >>> 24;
  }
  return {
    length: examples,
    shape: [side, side, 1],
    classNames: Array.from({ length: classes }, (_, k) => `class ${k}`),
    ids: [],
    labels: Int32Array.from({ length: examples }, (_, i) => i % classes),
    images(indices) {
      const bytes = new Uint8Array(indices.length * size);
      for (let i = 0; i < indices.length; i++) {
        bytes.set(pixels.subarray(indices[i]! * size, (indices[i]! + 1) * size), i * size);
      }
      return bytes;
    },
    source: { id: 'noise', sha256: '', licence: 'MIT', citation: '' },
  };
}

function smallCnn(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [side, side, 1],
        filters: 16,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: classes }),
    ],
  });
}

/** Notes how long the consumer waits for each batch, and how long it then works on it; milliseconds. */
interface Times {
  readonly waits: number[];
  readonly works: number[];
}

function timed(source: BatchSource, { waits, works }: Times): BatchSource {
  async function* iterate() {
    const iterator = (source as AsyncIterable<never>)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const asked = performance.now();
        const result = await iterator.next();
        const got = performance.now();
        if (result.done) return;
        waits.push(got - asked);
        yield result.value;
        works.push(performance.now() - got);
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { ...source, [Symbol.asyncIterator]: iterate };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function epoch(name: string, make: () => BatchSource): Promise<void> {
  const model = smallCnn();
  const optimizer = adamW({ learningRate: 1e-3 });
  const times: Times = { waits: [], works: [] };
  const start = performance.now();
  await fit({
    model,
    optimizer,
    epochs: 1,
    batches: () => timed(make(), times),
    loss: (logits, { y }) => tf.losses.softmaxCrossEntropy(tf.oneHot(y!, classes), logits),
  });
  const wall = performance.now() - start;
  const [wait, work] = [median(times.waits), median(times.works)];
  console.log(
    `${name.padEnd(14)} busy ${((100 * sum(times.works)) / wall).toFixed(1)} % of ${(wall / 1000).toFixed(2)} s; ` +
      `medians: step ${work.toFixed(2)} ms, wait ${wait.toFixed(3)} ms, busy ${((100 * work) / (work + wait)).toFixed(1)} %`,
  );
  optimizer.dispose();
  model.dispose();
}

const { name, version, threads } = await useEngine({ log: () => {} });
console.log(`${name} ${version}, ${threads} threads; ${examples} images, batch 64, ${JSON.stringify(augment)}`);
const data = images();
const options = { batchSize: 64, rng: createRng(1), augment };
const workers = new BatchWorkers();
for (let round = 0; round < 2; round++) {
  await epoch('batches', () => batches(data, options));
  await epoch('prefetch', () => prefetch(batches(data, options)));
  await epoch('threads, each', () => workerBatches(data, options));
  await epoch('threads, kept', () => workerBatches(data, { ...options, workers }));
}
await workers.close();
