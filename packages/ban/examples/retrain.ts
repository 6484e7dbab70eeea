import { trainBornAgain } from '@tensor-papers/ban';
import { classBalancedIndices, fashionMnist, subset } from '@tensor-papers/datasets';
import { useEngine } from '@tensor-papers/engine';
import { accuracy } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import { mlp } from '@tensor-papers/tensor-core/nn';
import { adamW, predictLogits } from '@tensor-papers/tensor-core/train';

await useEngine();
const images = await fashionMnist({ split: 'train', variant: 'subset' });
const data = subset(images, classBalancedIndices(images.labels, 100, createRng(1)));
const test = await fashionMnist({ split: 'test', variant: 'subset' });

const makeModel = mlp({ hidden: [64] });
const optimizer = () => adamW({ learningRate: 0.003 });
const run = await trainBornAgain({ makeModel, data, generations: 1, seed: 1, epochs: 30, batchSize: 100, optimizer });
for (const { generation, model } of run.models) {
  const testAccuracy = accuracy(await predictLogits(model, test), test.labels, 10);
  console.log(`generation ${generation} (${run.history[generation]!.mode}): test accuracy ${testAccuracy.toFixed(1)}`);
}
run.dispose();
