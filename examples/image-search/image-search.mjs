// Learns what makes clothes alike from six classes, then finds like images among four classes that it has never seen.
import { fashionMnist, subset } from '@tensor-papers/datasets';
import { useEngine } from '@tensor-papers/engine';
import { FlatIndex, Itq } from '@tensor-papers/l2h-core';
import { loadCodes, saveCodes } from '@tensor-papers/l2h-core/node';
import { createMatrix, rowRange } from '@tensor-papers/numerics/linalg';
import { smallCnn } from '@tensor-papers/tensor-core/nn';
import { classBalancedBatches, embedImages, selectivelyContrastiveLoss, trainEmbedding } from '@tensor-papers/triplet';

await useEngine();
const images = await fashionMnist({ split: 'train', variant: 'subset' });
const ofClasses = (from, to) =>
  subset(
    images,
    [...images.labels.keys()].filter((i) => images.labels[i] >= from && images.labels[i] < to),
  );
const [known, unseen] = [ofClasses(0, 6), ofClasses(6, 10)];

// 1. An embedding: images of one class close together.
const run = await trainEmbedding({
  makeModel: smallCnn({ filters: [16, 32] }),
  dimensions: 64,
  seed: 1,
  epochs: 3,
  data: known,
  learningRates: [0.1],
  loss: (embeddings, labels) => selectivelyContrastiveLoss(embeddings, labels),
  sampler: (labels, at) => classBalancedBatches(labels, { classesPerBatch: 6, imagesPerClass: 8, passes: 10, ...at }),
});

// 2. Codes of 64 bits instead of 64 numbers, in a file with the hasher that made them.
const gallery = await embedImages(run.model, unseen);
const vectors = createMatrix(gallery.values, gallery.length);
const hasher = new Itq({ bits: 64 });
await hasher.fit(vectors, { seed: 1 });
await saveCodes('images.l2h', { codes: await hasher.encode(vectors), model: hasher });
run.dispose();

// 3. Elsewhere, later: load and search. No TensorFlow.js is needed for this part.
const { codes, model } = await loadCodes('images.l2h');
const index = new FlatIndex({ bits: 64 });
index.add(codes);
for (const query of [0, 600, 1200, 1800]) {
  const { ids } = index.search(await model.encode(rowRange(vectors, query, query + 1)), 6);
  const names = [...ids].filter((id) => id !== query).map((id) => unseen.classNames[unseen.labels[id]]);
  console.log(`${unseen.classNames[unseen.labels[query]]}: ${names.slice(0, 5).join(', ')}`);
}

// 4. How good is that? Every 20th image asks for all others of its class.
const asking = [...unseen.labels.keys()].filter((i) => i % 20 === 0);
const own = index.search(await model.encode(vectors), 2);
const hits = asking.filter((i) => {
  const nearest = own.ids[2 * i] === i ? own.ids[2 * i + 1] : own.ids[2 * i];
  return unseen.labels[nearest] === unseen.labels[i];
});
console.log(`the nearest other image is of the same class for ${hits.length} of ${asking.length}`);
