export { accuracy } from './accuracy.js';
export { agreement } from './agreement.js';
export { argmaxRows } from './argmax-rows.js';
export { confusionMatrix } from './confusion-matrix.js';
export {
  EmptyMetricError,
  MetricError,
  MetricLabelError,
  MetricLengthError,
  MetricOptionError,
  NonFiniteLogitsError,
  ProbabilityError,
} from './errors.js';
export { expectedCalibrationError } from './expected-calibration-error.js';
export { negativeLogLikelihood } from './negative-log-likelihood.js';
export { type CalibrationOptions, type ReliabilityBin, reliabilityBins } from './reliability-bins.js';
export { softmaxRows } from './softmax-rows.js';
