import { fashionMnist, subset } from '@tensor-papers/datasets';
import { useEngine } from '@tensor-papers/engine';
import { mlp, SeededDropout } from '@tensor-papers/tensor-core/nn';
import { adam } from '@tensor-papers/tensor-core/train';
import { type TriNetOptions, trainTriNet } from '@tensor-papers/trinet';
import * as tf from '@tensorflow/tfjs';

await useEngine();
const images = await fashionMnist({ split: 'train', variant: 'subset' });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const labeled = subset(images, range(0, 200));
const unlabeled = subset(images, range(200, 1200)); // its labels are never looked at

const trunk: TriNetOptions['trunk'] = ({ inputShape, seed }) =>
  tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [...inputShape] }),
      tf.layers.dense({ units: 128, activation: 'relu', kernelInitializer: tf.initializers.heUniform({ seed }) }),
      new SeededDropout({ rate: 0.5, seed }),
    ],
  });
const run = await trainTriNet({
  trunk,
  heads: [mlp({ hidden: [64] }), mlp({ hidden: [128] }), mlp({ hidden: [64, 64] })],
  ...{ labeled, unlabeled, seed: 1, batchSize: 50, optimizer: () => adam({ learningRate: 0.001 }) },
  ...{ initialisation: { steps: 200 }, headTraining: { steps: 40 }, fineTuning: { steps: 100 } },
  ...{ rounds: 4, poolBase: 250, sigma0: 0.99, sigmaOs: 0.04 },
});
for (const { round, kind, pool, heads } of run.history) {
  const kept = heads.reduce((sum, head) => sum + head.kept, 0) / 3;
  console.log(
    `round ${round} (${kind})${heads.length > 0 ? `: about ${100 * Math.round(kept / 100)} pseudo-labels a head, of ${pool} images` : ''}`,
  );
}
const test = await fashionMnist({ split: 'test', variant: 'subset' });
const { classes } = await run.net.evaluate(test);
const right = classes.filter((each, i) => each === test.labels[i]).length;
console.log(`about ${5 * Math.round((20 * right) / test.length)} % of the test images right`);
run.dispose();
