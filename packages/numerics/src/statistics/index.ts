export { type BootstrapOptions, bootstrapInterval, pairedBootstrapInterval } from './bootstrap-interval.js';
export { pearsonCorrelation, spearmanCorrelation } from './correlation.js';
export {
  NonFiniteSampleError,
  SampleLengthError,
  StatisticsError,
  StatisticsOptionError,
  TooFewSamplesError,
} from './errors.js';
export { holmCorrection } from './holm-correction.js';
export type { Interval, IntervalOptions } from './interval.js';
export { mean } from './mean.js';
export { median } from './median.js';
export { midRanks } from './mid-ranks.js';
export { normalCdf, normalQuantile } from './normal.js';
export { quantile } from './quantile.js';
export { slope } from './slope.js';
export { standardDeviation } from './standard-deviation.js';
export { studentTQuantile } from './student-t.js';
export { pairedTInterval, tInterval } from './t-interval.js';
export { welchInterval } from './welch-interval.js';
export { type WilcoxonOptions, type WilcoxonSignedRank, wilcoxonSignedRank } from './wilcoxon-signed-rank.js';
export { wilsonInterval } from './wilson-interval.js';
