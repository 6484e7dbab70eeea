import { fashionMnist, subset } from '@tensor-papers/datasets';
import { useEngine } from '@tensor-papers/engine';
import { smallCnn } from '@tensor-papers/tensor-core/nn';
import { classBalancedBatches, embedImages, selectivelyContrastiveLoss, trainEmbedding } from '@tensor-papers/triplet';

await useEngine();
const images = await fashionMnist({ split: 'train', variant: 'subset' });
const ofClasses = (from: number, to: number) =>
  subset(
    images,
    [...images.labels.keys()].filter((i) => images.labels[i]! >= from && images.labels[i]! < to),
  );

const run = await trainEmbedding({
  ...{ makeModel: smallCnn({ filters: [8, 16] }), dimensions: 32, seed: 1, epochs: 2 },
  data: ofClasses(0, 6),
  validation: subset(ofClasses(6, 8), [...Array(200).keys()]),
  learningRates: [0.03, 0.1],
  loss: (embeddings, labels) => selectivelyContrastiveLoss(embeddings, labels),
  sampler: (labels, at) => classBalancedBatches(labels, { classesPerBatch: 6, imagesPerClass: 8, passes: 5, ...at }),
});
for (const { learningRate, validation } of run.trials) {
  console.log(`learning rate ${learningRate}: R@1 on two unseen classes ${validation!.hitAt[0]!.toFixed(1)}`);
}
const { values, length, dimensions } = await embedImages(run.model, ofClasses(8, 10));
console.log(`for an index: ${values.length} numbers, ${length} rows of ${dimensions}`);
run.dispose();
