export { collapseWarning } from './analysis/collapse-warning.js';
export { draggedShare } from './analysis/dragged-share.js';
export { entangledChange } from './analysis/entangled-change.js';
export { type EvaluateEmbeddingsOptions, evaluateEmbeddings } from './analysis/evaluate-embeddings.js';
export { firstOrderChange } from './analysis/first-order-change.js';
export { type GradientKept, gradientKept } from './analysis/gradient-kept.js';
export { type GradientStep, type GradientStepOptions, gradientStep } from './analysis/gradient-step.js';
export { type NearestRows, type NearestRowsOptions, nearestRows } from './analysis/nearest-rows.js';
export { cosineGradient, normalisationJacobian } from './analysis/normalisation.js';
export type { SimilarityChange } from './analysis/similarity-change.js';
export { type TripletDiagram, type TripletDiagramOptions, tripletDiagram } from './analysis/triplet-diagram.js';
export { type TripletGradients, tripletGradients } from './analysis/triplet-gradients.js';
export {
  type Motion,
  type MotionOptions,
  type VectorField,
  type VectorFieldOptions,
  vectorField,
} from './analysis/vector-field.js';
export { cosineSimilarity } from './distances/cosine-similarity.js';
export type { Distance, DistanceMatrixOptions } from './distances/distance.js';
export { dotProduct } from './distances/dot-product.js';
export { euclideanDistance } from './distances/euclidean-distance.js';
export { squaredEuclideanDistance } from './distances/squared-euclidean-distance.js';
export {
  DisposedError,
  EmbeddingsError,
  EmptyBatchError,
  LabelsError,
  NoModelError,
  NonFiniteError,
  OptionError,
  ReferenceSetError,
  SamplerError,
  SplitError,
  TripletError,
  TuplesError,
} from './errors.js';
export type { Labels } from './labels.js';
export { type ArcFaceLossOptions, arcFaceLoss } from './losses/arc-face.js';
export { type ContrastiveLossOptions, contrastiveLoss } from './losses/contrastive.js';
export { type HardNegativeLossOptions, hardNegativeLoss } from './losses/hard-negative.js';
export { type InfoNceLossOptions, infoNceLoss } from './losses/info-nce.js';
export type { LossOptions } from './losses/loss-options.js';
export { type MarginTermOptions, marginTerm } from './losses/margin-term.js';
export { type MultiSimilarityLossOptions, multiSimilarityLoss } from './losses/multi-similarity.js';
export { nPairLoss } from './losses/n-pair.js';
export { type NcaTermOptions, ncaTerm } from './losses/nca-term.js';
export { ncaTripletLoss } from './losses/nca-triplet.js';
export { type NtXentLossOptions, ntXentLoss } from './losses/nt-xent.js';
export { pairLoss } from './losses/pair-loss.js';
export { type ProxyAnchorLossOptions, proxyAnchorLoss } from './losses/proxy-anchor.js';
export type { EmitElement, RowPairs, RowSlopes, RowTerm } from './losses/row-term.js';
export {
  type SelectivelyContrastiveLossOptions,
  selectivelyContrastiveLoss,
} from './losses/selectively-contrastive.js';
export {
  type SelectivelyContrastiveTermOptions,
  selectivelyContrastiveTerm,
} from './losses/selectively-contrastive-term.js';
export { semiHardNegativeLoss } from './losses/semi-hard-negative.js';
export { type TripletLossOptions, tripletLoss } from './losses/triplet-loss.js';
export { tripletMarginLoss } from './losses/triplet-margin.js';
export { evaluateTerm, type TermOutput, type TripletTerm, tripletLosses } from './losses/triplet-term.js';
export { allTriplets } from './miners/all-triplets.js';
export { batchHard } from './miners/batch-hard.js';
export {
  type DistanceWeightedMinerOptions,
  distanceWeightedMiner,
  logDistanceWeight,
} from './miners/distance-weighted-miner.js';
export {
  type DuplicateOption,
  easyPositiveHardNegative,
  easyPositiveSemiHardNegative,
} from './miners/easy-positive.js';
export { faceNetSemiHard } from './miners/face-net-semi-hard.js';
export { type MarginTripletsOptions, marginTriplets } from './miners/margin-triplets.js';
export { type MineOptions, mine } from './miners/mine.js';
export type { Miner } from './miners/miner.js';
export { multiSimilarityMiner } from './miners/multi-similarity-miner.js';
export { randomTriplets } from './miners/random-triplets.js';
export {
  type NegativeChoice,
  type PositiveChoice,
  type TripletMinerOptions,
  tripletMiner,
} from './miners/triplet-miner.js';
export type { Comparison, ReferenceSet } from './pairs/comparison.js';
export { type Pairs, pairs, type TripletRange, type Triplets, type Tuples, triplets } from './pairs/tuples.js';
export { classWeighted } from './reducers/class-weighted.js';
export { mean } from './reducers/mean.js';
export { meanNonZero } from './reducers/mean-non-zero.js';
export { perAnchor } from './reducers/per-anchor.js';
export type { AnchorTotals, Reducer, Reduction } from './reducers/reducer.js';
export { sum } from './reducers/sum.js';
export { type ThresholdOptions, threshold } from './reducers/threshold.js';
export { type ClassBalancedBatchesOptions, classBalancedBatches } from './sampling/class-balanced-batches.js';
export { CrossBatchMemory, type CrossBatchMemoryState } from './sampling/cross-batch-memory.js';
export { type EmbeddedImages, type EmbedImagesOptions, embedImages } from './train/embed-images.js';
export type {
  EmbeddingCallbacks,
  EmbeddingLossContext,
  Sampler,
  TrainEmbeddingOptions,
} from './train/embedding-options.js';
export { EmbeddingRun, type EmbeddingTrial, type TrialEpoch } from './train/embedding-run.js';
export { type ClassSplit, splitClasses } from './train/split-classes.js';
export { trainEmbedding } from './train/train-embedding.js';
