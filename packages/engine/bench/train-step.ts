// Times one training step of a net of ./nets.ts and prints the line that the scripts of peers/ print.
// node --conditions=@tensor-papers/source --import tsx bench/train-step.ts cnn-b64 [warm-up] [runs]
import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../src/index.js';
import { nets } from './nets.js';

const [name = 'cnn-b64', warmUp = '5', runs = '40'] = process.argv.slice(2);
const net = nets[name];
if (!net) throw new Error(`unknown net '${name}': expected one of ${Object.keys(nets).join(', ')}`);

const engine = await useEngine({ threads: Number(process.env.TENSOR_PAPERS_THREADS ?? 2), log: () => {} });
const model = net.build();
const optimizer = net.optimizer();
const x = tf.randomNormal([64, ...net.inputShape]);
const labels = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10, 1, 0, 'float32');
const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);

async function step(): Promise<number> {
  const start = performance.now();
  const loss = optimizer.minimize(
    () => tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as tf.Tensor) as tf.Scalar,
    true,
    variables,
  )!;
  await loss.data();
  loss.dispose();
  return performance.now() - start;
}

for (let i = 0; i < Number(warmUp); i++) await step();
const times: number[] = [];
for (let i = 0; i < Number(runs); i++) times.push(await step());
times.sort((a, b) => a - b);
const middle = times.length / 2;
const median = (times[Math.floor(middle)]! + times[Math.ceil(middle) - 1]!) / 2;
console.log(
  JSON.stringify({
    peer: 'tensor-papers',
    version: `${engine.name} ${engine.version}`,
    work: `train-step/${name}`,
    unit: 'ms',
    median: Number(median.toFixed(4)),
    best: Number(times[0]!.toFixed(4)),
    runs: times.length,
    threads: engine.threads,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
