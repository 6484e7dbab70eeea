// A network of your own, written in plain TensorFlow.js, is trained, taught again by itself, and saved.
import { trainBornAgain } from '@tensor-papers/ban';
import { saveGenerations } from '@tensor-papers/ban/node';
import { classBalancedIndices, fashionMnist, subset } from '@tensor-papers/datasets';
import { useEngine } from '@tensor-papers/engine';
import { accuracy } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import { adamW, predictLogits } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';

await useEngine();

/** Any model that ends in logits, one a class; the seed makes its initial weights. */
function makeModel({ seed, inputShape, classes }) {
  const init = (at) => tf.initializers.heNormal({ seed: seed + at });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape, filters: 12, kernelSize: 3, activation: 'relu', kernelInitializer: init(0) }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 24, kernelSize: 3, activation: 'relu', kernelInitializer: init(1) }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: classes, kernelInitializer: init(2) }),
    ],
  });
}

const train = await fashionMnist({ split: 'train', variant: 'subset' });
const test = await fashionMnist({ split: 'test', variant: 'subset' });
const data = subset(train, classBalancedIndices(train.labels, 200, createRng(1)));
const run = await trainBornAgain({
  makeModel,
  data,
  generations: 2,
  mode: 'ban+l',
  seed: 1,
  epochs: 15,
  batchSize: 100,
  optimizer: () => adamW({ learningRate: 0.005 }),
});
for (const { generation, model } of run.models) {
  const score = accuracy(await predictLogits(model, test), test.labels, 10);
  console.log(`generation ${generation}: test accuracy ${(100 * score).toFixed(1)} %`);
}
await saveGenerations(run, 'generations'); // model.json and weights.bin each, as TensorFlow.js has them
run.dispose();
