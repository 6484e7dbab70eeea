export { type BootstrapOptions, bootstrapInterval } from './bootstrap-interval.js';
export {
  NonFiniteSampleError,
  SampleLengthError,
  StatisticsError,
  StatisticsOptionError,
  TooFewSamplesError,
} from './errors.js';
export type { Interval, IntervalOptions } from './interval.js';
export { mean } from './mean.js';
export { median } from './median.js';
export { normalQuantile } from './normal.js';
export { quantile } from './quantile.js';
export { slope } from './slope.js';
export { standardDeviation } from './standard-deviation.js';
export { studentTQuantile } from './student-t.js';
export { pairedTInterval, tInterval } from './t-interval.js';
export { wilsonInterval } from './wilson-interval.js';
