/** The size of an experiment: plain JSON, written into every result. */
export interface HashingConfig {
  readonly dataSet: 'fashion-mnist' | 'fashion-mnist/subset';
  /** Test images of each class that ask, drawn anew for every seed. */
  readonly queriesPerClass: number;
  /** Training images of each class that are searched; null takes all. */
  readonly databasePerClass: number | null;
  /** Lengths of the binary codes. */
  readonly bits: readonly number[];
  /** Bytes of codes in the comparison by Euclidean neighbours. */
  readonly bytes: readonly number[];
  /** True neighbours of a query. */
  readonly neighbors: number;
  /** Centroids of each part of a quantiser. */
  readonly centroids: number;
  /** Vectors that quantisers learn from. */
  readonly quantizerSample: number;
  /** Principal directions that are kept before the rotation of optimised product quantisation. */
  readonly opqDimensions: number;
  /** Anchors of kernels. */
  readonly anchors: number;
  /** Labelled vectors of KSH, and half as many vectors of BRE. */
  readonly kernelSample: number;
  /** Pairs of MLH. */
  readonly pairs: number;
}

export const standard: HashingConfig = {
  dataSet: 'fashion-mnist',
  queriesPerClass: 100,
  databasePerClass: null,
  bits: [12, 24, 32, 48],
  bytes: [4, 8, 16],
  neighbors: 100,
  centroids: 256,
  quantizerSample: 20_000,
  opqDimensions: 128,
  anchors: 300,
  kernelSample: 1_000,
  pairs: 100_000,
};

export const quick: HashingConfig = {
  ...standard,
  dataSet: 'fashion-mnist/subset',
  queriesPerClass: 20,
  databasePerClass: 200,
  bits: [12, 32, 48],
  bytes: [4, 8],
  neighbors: 20,
  centroids: 64,
  quantizerSample: 2_000,
  opqDimensions: 64,
  anchors: 100,
  kernelSample: 200,
  pairs: 10_000,
};

/** Every arm that claims need, as small as it goes. */
export const smoke: HashingConfig = {
  ...quick,
  queriesPerClass: 4,
  databasePerClass: 20,
  neighbors: 10,
  centroids: 16,
  quantizerSample: 200,
  opqDimensions: 32,
  anchors: 20,
  kernelSample: 60,
  pairs: 500,
};
