// REPLACE: the images of your experiment. Data that only this paper uses has its recipe in this folder.
import { classBalancedIndices, fashionMnist, subset } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import type { ExperimentConfig } from './config.js';

/** Of the catalogue (`papers data list`). */
export const dataSetId = 'fashion-mnist/subset';

/** The images of one seed. */
export interface Splits {
  readonly train: DataSet;
  readonly test: DataSet;
}

/** Draws a seed's training images, class-balanced; the test images are the same for every seed. */
export async function drawSplits(
  { trainPerClass, testPerClass }: ExperimentConfig,
  rng: Rng,
  signal: AbortSignal,
): Promise<Splits> {
  const train = await fashionMnist({ split: 'train', variant: 'subset', signal });
  const test = await fashionMnist({ split: 'test', variant: 'subset', signal });
  return {
    train: subset(train, classBalancedIndices(train.labels, trainPerClass, rng)),
    test: testPerClass === null ? test : subset(test, firstOfEachClass(test.labels, testPerClass)),
  };
}

/** The first `count` indices of every class. */
function firstOfEachClass(labels: Int32Array, count: number): number[] {
  const seen = new Map<number, number>();
  return Array.from(labels.keys()).filter((index) => {
    const before = seen.get(labels[index]!) ?? 0;
    seen.set(labels[index]!, before + 1);
    return before < count;
  });
}
