// Times `fit` per step against a bare loop over the same batches, alternating, and prints the median of the rounds' ratios.
// node --conditions=@tensor-papers/source --import tsx bench/fit-overhead.ts [rounds] [steps a round]
import { useEngine } from '@tensor-papers/engine';
import * as tf from '@tensorflow/tfjs';
import { smallCnn } from '../src/nn/index.js';
import { fit, sgd } from '../src/train/index.js';

const [rounds = '40', steps = '20'] = process.argv.slice(2);
const engine = await useEngine({ log: () => {} });
const context = { seed: 1, inputShape: [28, 28, 1], classes: 10 };
const batches = Array.from({ length: Number(steps) }, (_, i) => ({
  x: tf.randomNormal([64, ...context.inputShape], 0, 1, 'float32', i + 1),
  y: tf.oneHot(tf.randomUniform([64], 0, 10, 'int32', i + 1), 10, 1, 0, 'float32'),
}));
const entropy = (labels: tf.Tensor, logits: tf.Tensor) => tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar;

const bareModel = smallCnn()(context);
const bareOptimizer = tf.train.momentum(0.01, 0.9);
async function bareLoop(): Promise<void> {
  for (const { x, y } of batches) {
    const loss = bareOptimizer.minimize(() => entropy(y, bareModel.apply(x, { training: true }) as tf.Tensor), true)!;
    await loss.data();
    loss.dispose();
  }
}

const model = smallCnn()(context);
const optimizer = sgd({ learningRate: 0.01, momentum: 0.9 });
async function fitted(): Promise<void> {
  await fit({
    model,
    optimizer,
    // `fit` disposes its batches: it is given clones, which share their values.
    batches: () => batches.map(({ x, y }) => ({ x: tf.clone(x), labels: tf.clone(y) })),
    epochs: 1,
    loss: (logits, { labels }) => entropy(labels, logits),
  });
}

const times: Record<'bare' | 'fit', number[]> = { bare: [], fit: [] };
async function time(name: keyof typeof times, loop: () => Promise<void>, keep: boolean): Promise<void> {
  // What the loop before left for the event loop to free is not to be paid by this one.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  const start = performance.now();
  await loop();
  if (keep) times[name].push((performance.now() - start) / batches.length);
}
for (let round = 0; round < Number(rounds) + 2; round++) {
  // Which one goes first changes, so that neither gains by its place.
  const order = [() => time('bare', bareLoop, round > 1), () => time('fit', fitted, round > 1)];
  for (const run of round % 2 === 0 ? order : order.reverse()) await run();
}
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
// Ratios of neighbours in time: what else the machine does drifts.
const ratios = times.bare.map((bare, i) => times.fit[i]! / bare);
const ratio = median(ratios);
const [bare, own] = [median(times.bare), median(times.fit)];
console.log(
  JSON.stringify({
    engine: `${engine.name} ${engine.version}, ${engine.threads} threads`,
    work: 'small CNN, batch 64, 28×28×1',
    bareMilliseconds: Number(bare.toFixed(3)),
    fitMilliseconds: Number(own.toFixed(3)),
    ratio: Number(ratio.toFixed(4)),
    quartiles: [0.25, 0.75].map((at) => Number(ratios[Math.floor(ratios.length * at)]!.toFixed(4))),
  }),
);
