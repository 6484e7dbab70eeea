import { type CalibrationOptions, reliabilityBins } from './reliability-bins.js';

/**
 * Expected calibration error: Σ_b |B_b|/n · |accuracy(B_b) − confidence(B_b)| over equally wide bins of confidence.
 *
 * Source: Guo et al., On Calibration of Modern Neural Networks, 2017, eq. 3.
 *
 * @param probabilities `[n × classes]` row-major, each row with sum 1
 * @param labels `[n]` in 0 … classes − 1
 * @returns a value in [0, 1]
 * @throws ProbabilityError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  options: CalibrationOptions = {},
): number {
  let error = 0;
  for (const { count, confidence, accuracy } of reliabilityBins(probabilities, labels, classes, options)) {
    if (count > 0) error += (count / labels.length) * Math.abs(accuracy - confidence);
  }
  return error;
}
