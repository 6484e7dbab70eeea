import { classBalancedIndices, fashionMnist, subset } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import type { BanConfig } from './config.js';

/** The images of one seed. */
export interface Splits {
  readonly train: DataSet;
  readonly validation: DataSet;
  readonly test: DataSet;
}

/** Draws a seed's training and validation images, class-balanced and disjoint; the test images are the same for every seed. */
export async function drawSplits(config: BanConfig, rng: Rng, signal: AbortSignal): Promise<Splits> {
  const variant = config.dataSet === 'fashion-mnist' ? 'full' : 'subset';
  const all = await fashionMnist({ split: 'train', variant, signal });
  const test = await fashionMnist({ split: 'test', variant, signal });
  const train = classBalancedIndices(all.labels, config.trainPerClass, rng.stream('train'));
  const rest = all.labels.slice();
  for (const index of train) rest[index] = -1;
  const validation = classBalancedIndices(rest, config.validationPerClass, rng.stream('validation'));
  return {
    train: subset(all, train),
    validation: subset(all, validation),
    test:
      config.testPerClass === null
        ? test
        : subset(test, Array.from(test.labels.keys()).filter(firstOfEachClass(test.labels, config.testPerClass))),
  };
}

/** Keeps the first `count` indices of every class. */
function firstOfEachClass(labels: Int32Array, count: number): (index: number) => boolean {
  const seen = new Map<number, number>();
  return (index) => {
    const before = seen.get(labels[index]!) ?? 0;
    seen.set(labels[index]!, before + 1);
    return before < count;
  };
}
