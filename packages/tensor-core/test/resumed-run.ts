// A run that can be killed at any moment: node --conditions=@tensor-papers/source --import tsx test/resumed-run.ts FOLDER
// Says `step N` after each step, and leaves final.safetensors, history.json and log.jsonl in the folder.
import { appendFileSync, existsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useEngine } from '@tensor-papers/engine';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { SeededDropout } from '../src/nn/index.js';
import {
  adamW,
  batches,
  captureCheckpoint,
  cosine,
  Ema,
  encodeCheckpoint,
  fit,
  modelPart,
  optimizerPart,
  type ResumableSink,
} from '../src/train/index.js';
import { checkpointFolder } from '../src/train/node.js';
import { syntheticData } from './synthetic-data.js';

const folder = process.argv[2]!;
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function makeModel(): tf.LayersModel {
  const initializer = (seed: number) => tf.initializers.heUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [6, 6, 1], kernelInitializer: initializer(1) }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.flatten(),
      new SeededDropout({ rate: 0.3, seed: 2, name: 'dropout' }),
      tf.layers.dense({ units: 3, kernelInitializer: initializer(3) }),
    ],
  });
}

/** A log file that is cut to where it was when a checkpoint was written. */
function logFile(path: string): ResumableSink {
  const write = (event: string, fields: object) =>
    appendFileSync(path, `${JSON.stringify({ event, ...fields, seconds: 0, examplesPerSecond: 0 })}\n`);
  return {
    start: (run) => {
      if (!('resumedAt' in run)) writeFileSync(path, '');
    },
    step: (log) => write('step', log),
    epoch: (log) => write('epoch', log),
    capture: () => statSync(path).size,
    restore: (size) => truncateSync(path, size as number),
  };
}

await useEngine({ log: () => {} });
const data = syntheticData({ length: 56 });
const model = makeModel();
const optimizer = adamW({ learningRate: 0.01, weightDecay: 0.05 });
const ema = new Ema(model, { decay: 0.9, warmUp: true });
const rng = createRng(7);
// Draws one number after another, so that its place has to be saved.
const walk = createRng(8).stream('walk');

const history = await fit({
  model,
  optimizer,
  ema,
  batches: (epoch) => {
    const scale = 1 + 0.01 * walk.uniform();
    const source = batches(data, {
      batchSize: 8,
      rng,
      epoch,
      augment: [{ kind: 'flip' }, { kind: 'shift', pixels: 1 }],
    });
    return {
      length: source.length,
      async *[Symbol.asyncIterator]() {
        for await (const { x, ...batch } of source) {
          const moved = tf.tidy(() => tf.mul(x, scale + 0.01 * walk.normal()));
          x.dispose();
          yield { ...batch, x: moved };
        }
      },
    };
  },
  epochs: 5,
  accumulate: 2,
  schedule: cosine({ learningRate: 0.01 }),
  clipNorm: 1,
  loss: (logits, { y }) => ({
    entropy: tf.losses.softmaxCrossEntropy(tf.oneHot(y!, 3), logits),
    size: tf.mul(tf.mean(tf.square(logits)), 0.01),
  }),
  evaluate: () => ({ walk: walk.uniform() }),
  monitor: { metric: 'walk', mode: 'max' },
  earlyStopping: { patience: 5 },
  checkpoint: { store: checkpointFolder(folder), everySteps: 3, everyEpochs: 2, keepBest: true, random: { walk } },
  resume: 'auto',
  on: { step: ({ step }) => say(`step ${step}`) },
  sinks: [logFile(join(folder, 'log.jsonl'))],
});

const parts = { model: modelPart(model), optimizer: optimizerPart(optimizer, model), ema };
writeFileSync(join(folder, 'final.safetensors'), await encodeCheckpoint(await captureCheckpoint(parts)));
const epochs = history.epochs.map((epoch) => ({ ...epoch, seconds: 0, examplesPerSecond: 0 }));
writeFileSync(join(folder, 'history.json'), JSON.stringify({ ...history, epochs }));
if (existsSync(join(folder, 'last.safetensors.part'))) throw new Error('a temporary file is left');
say('done');
