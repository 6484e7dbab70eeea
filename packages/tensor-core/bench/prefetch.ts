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

/** Adds up how long the consumer waits for a batch. */
function timed(source: BatchSource, wait: { milliseconds: number }): BatchSource {
  async function* iterate() {
    const iterator = (source as AsyncIterable<never>)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const start = performance.now();
        const result = await iterator.next();
        wait.milliseconds += performance.now() - start;
        if (result.done) return;
        yield result.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { ...source, [Symbol.asyncIterator]: iterate };
}

async function epoch(name: string, make: () => BatchSource): Promise<void> {
  const model = smallCnn();
  const optimizer = adamW({ learningRate: 1e-3 });
  const wait = { milliseconds: 0 };
  const start = performance.now();
  await fit({
    model,
    optimizer,
    epochs: 1,
    batches: () => timed(make(), wait),
    loss: (logits, { y }) => tf.losses.softmaxCrossEntropy(tf.oneHot(y!, classes), logits),
  });
  const wall = performance.now() - start;
  const steps = Math.ceil(examples / 64);
  const busy = (100 * (wall - wait.milliseconds)) / wall;
  console.log(
    `${name.padEnd(18)} busy ${busy.toFixed(2)} %  epoch ${(wall / 1000).toFixed(2)} s  ` +
      `step ${((wall - wait.milliseconds) / steps).toFixed(2)} ms  waiting ${(wait.milliseconds / steps).toFixed(3)} ms a step`,
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
