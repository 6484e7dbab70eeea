import type { Augmentation } from '@tensor-papers/numerics/augment';

/** The size of an experiment: plain JSON, written into every result. */
export interface BanConfig {
  readonly dataSet: 'fashion-mnist' | 'fashion-mnist/subset';
  /** Training images of each class, drawn anew for every seed. */
  readonly trainPerClass: number;
  /** Images of each class for the learning curves, drawn from the rest; they select nothing. */
  readonly validationPerClass: number;
  /** Test images of each class; null takes all. */
  readonly testPerClass: number | null;
  /** Filters of the convolutional net. */
  readonly filters: readonly number[];
  /** Hidden units of the multi-layer perceptron of the cross-architecture arms. */
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
  /** Of AdamW, falling to 0 along a cosine over the whole training. */
  readonly learningRate: number;
  /** Decoupled. */
  readonly weightDecay: number;
  /** The under-trained teacher of H7: global average pooling, augmented images, a short schedule. */
  readonly short: { readonly epochs: number; readonly augment: Augmentation };
}

const augment: Augmentation = [{ kind: 'shift', pixels: 2 }, { kind: 'flip' }];

const recipe = { hidden: [256, 128], batchSize: 64, learningRate: 1e-3, weightDecay: 0.01 } as const;

/** The experiment of the committed results. */
export const standard: BanConfig = {
  ...recipe,
  dataSet: 'fashion-mnist',
  trainPerClass: 500,
  validationPerClass: 100,
  testPerClass: null,
  filters: [16, 32, 64],
  epochs: 40,
  short: { epochs: 10, augment },
};

/** A newcomer's first run, on the shipped images. */
export const quick: BanConfig = {
  ...recipe,
  dataSet: 'fashion-mnist/subset',
  trainPerClass: 40,
  validationPerClass: 20,
  testPerClass: 100,
  filters: [8, 16, 32],
  epochs: 20,
  short: { epochs: 8, augment },
};

/** Every arm once, as small as it goes. */
export const smoke: BanConfig = {
  ...quick,
  trainPerClass: 20,
  validationPerClass: 5,
  testPerClass: 20,
  hidden: [32],
  epochs: 2,
  short: { epochs: 1, augment },
};
