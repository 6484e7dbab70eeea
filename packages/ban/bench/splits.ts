import { cifar10, cifar100, classBalancedIndices, fashionMnist, opencvDigits, subset } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import type { Part } from './config.js';

/** The images of one seed. */
export interface Splits {
  readonly train: DataSet;
  readonly validation: DataSet | undefined;
  readonly test: DataSet;
}

type Load = (options: { readonly split: 'train' | 'test'; readonly signal: AbortSignal }) => Promise<DataSet>;

const loaders = {
  'fashion-mnist': (options) => fashionMnist({ ...options, variant: 'full' }),
  'fashion-mnist/subset': (options) => fashionMnist({ ...options, variant: 'subset' }),
  'opencv-digits': opencvDigits,
  'cifar-10': cifar10,
  'cifar-100': cifar100,
} satisfies Record<string, Load>;

export type DataSetName = keyof typeof loaders;

/** Draws a seed's training and validation images, class-balanced and disjoint; the test images are the same for every seed. */
export async function drawSplits(part: Part, rng: Rng, signal: AbortSignal): Promise<Splits> {
  const load: Load = loaders[part.dataSet];
  const all = await load({ split: 'train', signal });
  const test = await load({ split: 'test', signal });
  const { trainPerClass, validationPerClass, testPerClass } = part;
  const train =
    trainPerClass === null ? undefined : classBalancedIndices(all.labels, trainPerClass, rng.stream('train'));
  const rest = all.labels.slice();
  for (const index of train ?? all.labels.keys()) rest[index] = -1;
  const validation =
    validationPerClass === 0
      ? undefined
      : subset(all, classBalancedIndices(rest, validationPerClass, rng.stream('validation')));
  return {
    train: train ? subset(all, train) : all,
    validation,
    test:
      testPerClass === null
        ? test
        : subset(test, Array.from(test.labels.keys()).filter(firstOfEachClass(test.labels, testPerClass))),
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
