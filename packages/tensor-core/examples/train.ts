import type { DataSet } from '@tensor-papers/numerics/data-set';
import { accuracy } from '@tensor-papers/numerics/metrics';
import { createRng } from '@tensor-papers/numerics/random';
import { parameterCount, smallCnn } from '@tensor-papers/tensor-core/nn';
import { adamW, batches, cosine, fit, predictLogits } from '@tensor-papers/tensor-core/train';
import * as tf from '@tensorflow/tfjs';

const rng = createRng(1);
const noise = rng.stream('noise');
const labels = Int32Array.from({ length: 128 }, (_, i) => i % 2);
// 8×8 grey noise; the upper half is brighter in class 0, the lower half in class 1.
const pixels = Uint8Array.from({ length: 128 * 64 }, (_, p) => {
  const half = p % 64 < 32 ? 0 : 1;
  return noise.integer(160) + (half === labels[p >> 6] ? 60 : 0);
});
const data: DataSet = {
  length: 128,
  shape: [8, 8, 1],
  classNames: ['upper', 'lower'],
  ids: Array.from(labels, (_, i) => `image ${i}`),
  labels,
  images: (indices) =>
    Uint8Array.from({ length: 64 * indices.length }, (_, p) => pixels[64 * indices[p >> 6]! + (p % 64)]!),
  source: { id: 'noise', sha256: '', licence: 'MIT', citation: '' },
};

const model = smallCnn({ filters: [4, 8] })({ seed: 1, inputShape: data.shape, classes: 2 });
const optimizer = adamW({ learningRate: 1e-2, weightDecay: 0.01 });
const { epochs, steps } = await fit({
  model,
  batches: (epoch) => batches(data, { batchSize: 16, rng, epoch, augment: [{ kind: 'flip' }] }),
  epochs: 6,
  optimizer,
  schedule: cosine({ learningRate: 1e-2 }),
  loss: (logits, { y }) => tf.losses.softmaxCrossEntropy(tf.oneHot(y!, 2), logits),
});
const logits = await predictLogits(model, data);
console.log(`${parameterCount(model)} parameters, ${steps} steps`);
console.log(
  `loss ${epochs[0]!.loss.toPrecision(2)} → ${epochs[5]!.loss.toPrecision(2)}, accuracy ${accuracy(logits, labels, 2)}`,
);
optimizer.dispose();
model.dispose();
