// Times a piece of work on the engine and prints the line that the scripts of peers/ print.
// node --conditions=@tensor-papers/source --import tsx bench/speed.ts triplet-step/all-b256-d128 [warm-up] [runs]

import { useEngine } from '@tensor-papers/engine';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { batchHard, euclideanDistance, type Miner, nearestRows, tripletMarginLoss } from '../src/index.js';

function normalRows(rows: number, columns: number): tf.Tensor2D {
  const rng = createRng(0).stream('rows');
  return tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => rng.normal()),
    [rows, columns],
  );
}

/** Normalise, mine, loss and gradient of a batch of eight images a class. */
function tripletStep(batch: number, miner?: Miner): () => unknown {
  const rows = normalRows(batch, 128);
  const labels = Int32Array.from({ length: batch }, (_, i) => Math.floor(i / 8));
  const options = { distance: euclideanDistance(), margin: 0.2, ...(miner ? { miner } : {}) };
  const step = tf.valueAndGrad((x) => tripletMarginLoss(x as tf.Tensor2D, labels, options));
  return () => {
    const { value, grad } = step(rows);
    const read = [value.dataSync()[0], grad.dataSync()[0]];
    tf.dispose([value, grad]);
    return read;
  };
}

function recallAt1(): () => unknown {
  const rows = 10_000;
  const unit = tf.tidy(() => {
    const normal = normalRows(rows, 128);
    return tf.div(normal, tf.norm(normal, 'euclidean', 1, true)) as tf.Tensor2D;
  });
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 1_000);
  return () => {
    const { indices } = nearestRows(unit);
    return indices.reduce((hits, nearest, row) => hits + (labels[nearest] === labels[row] ? 1 : 0), 0) / rows;
  };
}

const works: Readonly<Record<string, () => () => unknown>> = {
  'triplet-step/batch-hard-b512-d128': () => tripletStep(512, batchHard()),
  'triplet-step/all-b256-d128': () => tripletStep(256),
  'recall-at-1/10k-128': recallAt1,
};

const [name = '', warmUp = '1', runs = '5'] = process.argv.slice(2);
const prepare = works[name];
if (!prepare) throw new Error(`unknown work '${name}': expected one of ${Object.keys(works).join(', ')}`);

const engine = await useEngine({ threads: Number(process.env.TENSOR_PAPERS_THREADS ?? 2), log: () => {} });
const run = prepare();
const times: number[] = [];
for (let i = -Number(warmUp); i < Number(runs); i++) {
  const start = performance.now();
  run();
  if (i >= 0) times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
const middle = times.length / 2;
const median = (times[Math.floor(middle)]! + times[Math.ceil(middle) - 1]!) / 2;
console.log(
  JSON.stringify({
    peer: 'tensor-papers',
    version: `${engine.name} ${engine.version}`,
    work: name,
    unit: 'ms',
    median: Number(median.toFixed(4)),
    best: Number(times[0]!.toFixed(4)),
    runs: times.length,
    threads: engine.threads,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
