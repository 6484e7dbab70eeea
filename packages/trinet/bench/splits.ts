import { cifar10, classBalancedIndices, fashionMnist, opencvDigits, subset } from '@tensor-papers/datasets';
import type { DataSet } from '@tensor-papers/numerics/data-set';
import type { Rng } from '@tensor-papers/numerics/random';
import type { Part } from './config.js';
import { svhn } from './svhn.js';

/** The images of one seed. */
export interface Splits {
  readonly labeled: DataSet;
  /** Without labels. */
  readonly unlabeled: DataSet;
  /** Of the unlabelled images, for analysis and for the oracle. */
  readonly trueLabels: Int32Array;
  readonly validation: DataSet;
  readonly test: DataSet;
}

type Load = (options: { readonly split: 'train' | 'test'; readonly signal: AbortSignal }) => Promise<DataSet>;

const loaders = {
  'fashion-mnist': (options) => fashionMnist({ ...options, variant: 'full' }),
  'fashion-mnist/subset': (options) => fashionMnist({ ...options, variant: 'subset' }),
  'opencv-digits': opencvDigits,
  'cifar-10': cifar10,
  svhn,
} satisfies Record<string, Load>;

export type DataSetName = keyof typeof loaders;

/** Draws a seed's labelled, validation and unlabelled images, all disjoint; the test images are the same for every seed. */
export async function drawSplits(part: Part, rng: Rng, signal: AbortSignal): Promise<Splits> {
  const load: Load = loaders[part.dataSet];
  const all = await load({ split: 'train', signal });
  const test = await load({ split: 'test', signal });
  const left = all.labels.slice();
  const take = (perClass: number, name: string) => {
    const indices = classBalancedIndices(left, perClass, rng.stream(name));
    for (const index of indices) left[index] = -1;
    return subset(all, indices);
  };
  const labeled = take(part.labelsPerClass, 'labeled');
  const validation = take(part.validationPerClass, 'validation');
  const rest = Array.from(left.keys()).filter((index) => left[index] !== -1);
  const order = rng.stream('unlabeled').permutation(rest.length);
  const pool = subset(
    all,
    order
      .slice(0, part.unlabeled ?? rest.length)
      .sort()
      .map((i) => rest[i]!),
  );
  return {
    labeled,
    validation,
    unlabeled: { ...pool, labels: pool.labels.map(() => -1) },
    trueLabels: pool.labels,
    test:
      part.testPerClass === null
        ? test
        : subset(test, Array.from(test.labels.keys()).filter(firstOfEachClass(test.labels, part.testPerClass))),
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
