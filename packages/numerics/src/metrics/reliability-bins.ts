import { requireCount, requireLabels, requireProbabilities } from './checks.js';

/** How a classifier does on the examples whose confidence lies in one interval. */
export interface ReliabilityBin {
  /** The interval (low, high]; the first one includes 0. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean confidence of the bin's examples; NaN where there are none. */
  readonly confidence: number;
  /** Share of the bin's examples classified correctly; NaN where there are none. */
  readonly accuracy: number;
}

/** Options of {@link reliabilityBins} and `expectedCalibrationError`. */
export interface CalibrationOptions {
  /** Number of equally wide bins. Default 15 (Guo et al. 2017). */
  readonly bins?: number;
}

/**
 * The reliability diagram of a classifier: examples grouped by confidence (their largest probability) into equally wide bins.
 *
 * Source: Guo et al., On Calibration of Modern Neural Networks, 2017, §2.
 *
 * @param probabilities `[n × classes]` row-major, each row with sum 1
 * @param labels `[n]` in 0 … classes − 1
 * @throws ProbabilityError, MetricLabelError, MetricLengthError, EmptyMetricError, MetricOptionError
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  { bins = 15 }: CalibrationOptions = {},
): ReliabilityBin[] {
  requireCount('bins', bins);
  const rows = requireProbabilities(probabilities, classes);
  requireLabels(labels, rows, classes);
  const count = new Int32Array(bins);
  const confidence = new Float64Array(bins);
  const correct = new Int32Array(bins);
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    let top = 0;
    for (let i = 1; i < classes; i++) {
      if (probabilities[start + i]! > probabilities[start + top]!) top = i;
    }
    const largest = probabilities[start + top]!;
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(largest * bins) - 1));
    count[bin]!++;
    confidence[bin]! += largest;
    if (top === labels[row]) correct[bin]!++;
  }
  return Array.from(count, (members, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    count: members,
    confidence: confidence[bin]! / members,
    accuracy: correct[bin]! / members,
  }));
}
