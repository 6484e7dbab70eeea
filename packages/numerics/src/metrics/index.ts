export { accuracy } from './accuracy.js';
export { adjustedMutualInformation } from './adjusted-mutual-information.js';
export { adjustedRandIndex } from './adjusted-rand-index.js';
export { agreement } from './agreement.js';
export { argmaxRows } from './argmax-rows.js';
export { auroc } from './auroc.js';
export { type AveragePrecisionOptions, averagePrecision } from './average-precision.js';
export { averagePrecisionAtR } from './average-precision-at-r.js';
export { balancedAccuracy } from './balanced-accuracy.js';
export { brierScore } from './brier-score.js';
export { characterErrorRate } from './character-error-rate.js';
export { clusteringAccuracy } from './clustering-accuracy.js';
export { type CohenKappaOptions, cohenKappa } from './cohen-kappa.js';
export { accumulateConfusionMatrix, type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.js';
export { type EditDistanceOptions, editDistance } from './edit-distance.js';
export {
  ConfusionMatrixError,
  EmptyMetricError,
  MetricError,
  MetricLabelError,
  MetricLengthError,
  MetricOptionError,
  NonFiniteLogitsError,
  ProbabilityError,
  ScoreError,
} from './errors.js';
export {
  evaluateRetrieval,
  type Relevance,
  type RetrievalOptions,
  type RetrievalScores,
} from './evaluate-retrieval.js';
export { expectedCalibrationError } from './expected-calibration-error.js';
export { fowlkesMallows } from './fowlkes-mallows.js';
export { hitAtK } from './hit-at-k.js';
export { type Assignment, type AssignmentOptions, hungarianAssignment } from './hungarian-assignment.js';
export type { InformationNormaliser, MutualInformationOptions } from './information-normaliser.js';
export { frequencyWeightedIoU, intersectionOverUnion, meanIoU } from './intersection-over-union.js';
export { negativeLogLikelihood } from './negative-log-likelihood.js';
export { normalizedEditDistance } from './normalized-edit-distance.js';
export { normalizedMutualInformation } from './normalized-mutual-information.js';
export { pixelAccuracy } from './pixel-accuracy.js';
export { precisionAtK } from './precision-at-k.js';
export { type ClassificationScores, type PrecisionRecallF1, precisionRecallF1 } from './precision-recall-f1.js';
export { purity } from './purity.js';
export { rPrecision } from './r-precision.js';
export type { RankingOptions } from './ranking.js';
export { recallAtK } from './recall-at-k.js';
export { type CalibrationOptions, type ReliabilityBin, reliabilityBins } from './reliability-bins.js';
export { softmaxRows } from './softmax-rows.js';
export { topKAccuracy } from './top-k-accuracy.js';
export { type VMeasure, type VMeasureOptions, vMeasure } from './v-measure.js';
