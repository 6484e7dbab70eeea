import { fashionMnist, subset } from '@tensor-papers/datasets';
import { useEngine } from '@tensor-papers/engine';
import { createRng } from '@tensor-papers/numerics/random';
import { smallCnn } from '@tensor-papers/tensor-core/nn';
import { type Batch, batches, fit, predictLogits, sgd } from '@tensor-papers/tensor-core/train';
import { classBalancedBatches, evaluateEmbeddings, selectivelyContrastiveLoss } from '@tensor-papers/triplet';
import * as tf from '@tensorflow/tfjs';

await useEngine();
const images = await fashionMnist({ split: 'train', variant: 'subset' });
const test = await fashionMnist({ split: 'test', variant: 'subset' });
const unseen = subset(
  test,
  [...test.labels.keys()].filter((i) => test.labels[i]! >= 6),
);
const seen = images.labels.map((label) => (label < 6 ? label : -1)); // −1: left out

const rng = createRng(1);
const dimensions = 32;
const model = smallCnn({ filters: [16, 32] })({ seed: 1, inputShape: images.shape, classes: dimensions });
async function* epochOf(epoch: number): AsyncGenerator<Batch> {
  const drawn = classBalancedBatches(seen, { classesPerBatch: 6, imagesPerClass: 8, rng, epoch, passes: 20 });
  for (const indices of drawn) yield* batches(images, { batchSize: indices.length, indices });
}
await fit({
  ...{ model, batches: epochOf, epochs: 5, optimizer: sgd({ learningRate: 0.1 }) },
  loss: (embeddings, { y }) => selectivelyContrastiveLoss(embeddings as tf.Tensor2D, y!),
});

const embeddings = tf.tensor2d(await predictLogits(model, unseen), [unseen.length, dimensions]);
const { hitAt } = evaluateEmbeddings(embeddings, unseen.labels, { at: [1] });
console.log(`R@1 on four classes it has never seen: ${hitAt[0]!.toFixed(1)}`);
