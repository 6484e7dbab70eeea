// Times a step of `fit` against a step of a bare loop over the same batches and prints the ratio of the medians. The two take turns, in
// random order; a step is the time from one call of the loss function to the next.
// node --conditions=@tensor-papers/source --import tsx bench/fit-overhead.ts [rounds] [steps a round]
import { useEngine } from '@tensor-papers/engine';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';
import { smallCnn } from '../src/nn/index.js';
import { fit, sgd } from '../src/train/index.js';

const [rounds = '60', steps = '30'] = process.argv.slice(2);
const engine = await useEngine({ log: () => {} });
const context = { seed: 1, inputShape: [28, 28, 1], classes: 10 };
const batches = Array.from({ length: Number(steps) }, (_, i) => ({
  x: tf.randomNormal([64, ...context.inputShape], 0, 1, 'float32', i + 1),
  labels: tf.oneHot(tf.randomUniform([64], 0, 10, 'int32', i + 1), 10, 1, 0, 'float32'),
}));
const model = smallCnn()(context);
const times = { bare: [] as number[], fit: [] as number[] };
let last = Number.NaN;

function lossOf(name: keyof typeof times, labels: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  const now = performance.now();
  if (!Number.isNaN(last)) times[name].push(now - last);
  last = now;
  return tf.losses.softmaxCrossEntropy(labels, logits);
}

const bareOptimizer = tf.train.momentum(1e-3, 0.9);
async function bare(): Promise<void> {
  for (const { x, labels } of batches) {
    const loss = bareOptimizer.minimize(
      () => lossOf('bare', labels, model.apply(x, { training: true }) as tf.Tensor),
      true,
    )!;
    await loss.data();
    loss.dispose();
  }
}

const optimizer = sgd({ learningRate: 1e-3, momentum: 0.9 });
async function fitted(): Promise<void> {
  await fit({
    model,
    optimizer,
    // `fit` disposes its batches: it is given clones, which share their values.
    batches: () => batches.map(({ x, labels }) => ({ x: tf.clone(x), labels: tf.clone(labels) })),
    epochs: 1,
    loss: (logits, { labels }) => lossOf('fit', labels, logits),
  });
}

const rng = createRng(1);
for (let round = 0; round < Number(rounds) + 4; round++) {
  if (round === 4) for (const list of Object.values(times)) list.length = 0;
  for (const loop of rng.uniform() < 0.5 ? [bare, fitted] : [fitted, bare]) {
    // What the loop before left for the event loop to free is not to be paid by this one.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    last = Number.NaN;
    await loop();
  }
}
const quantile = (values: number[], at: number) => values.sort((a, b) => a - b)[Math.floor(at * values.length)]!;
const ratio = (at: number) => Number((quantile(times.fit, at) / quantile(times.bare, at)).toFixed(4));
console.log(
  JSON.stringify({
    engine: `${engine.name} ${engine.version}, ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'}`,
    work: 'small CNN, batch 64, 28×28×1',
    steps: times.fit.length,
    bareMilliseconds: Number(quantile(times.bare, 0.5).toFixed(3)),
    fitMilliseconds: Number(quantile(times.fit, 0.5).toFixed(3)),
    ratio: ratio(0.5),
    // Of the fastest tenth, which other work on the machine disturbs least.
    undisturbedRatio: ratio(0.1),
  }),
);
