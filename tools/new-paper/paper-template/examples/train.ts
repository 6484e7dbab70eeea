import { classBalancedIndices, fashionMnist, subset } from '@tensor-papers/datasets';
import { useEngine } from '@tensor-papers/engine';
import { accuracy, negativeLogLikelihood } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import { trainSmoothed } from '@tensor-papers/paper-name';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { adamW, predictLogits } from '@tensor-papers/tensor-core/train';

await useEngine();
const images = await fashionMnist({ split: 'train', variant: 'subset' });
const data = subset(images, classBalancedIndices(images.labels, 100, createRng(1)));
const test = await fashionMnist({ split: 'test', variant: 'subset' });

const makeModel = mlp({ hidden: [64] });
const optimizer = () => adamW({ learningRate: 0.005 });
for (const smoothing of [0, 0.1]) {
  const run = await trainSmoothed({ makeModel, data, seed: 1, epochs: 50, batchSize: 100, optimizer, smoothing });
  const logits = await predictLogits(run.model, test);
  const right = accuracy(logits, test.labels, 10).toFixed(1);
  const nll = negativeLogLikelihood(logits, test.labels, 10).toFixed(1);
  console.log(`smoothing ${smoothing}: test accuracy ${right}, negative log-likelihood ${nll}`);
  run.dispose();
}
