import {
  accuracy,
  agreement,
  expectedCalibrationError,
  negativeLogLikelihood,
  softmaxRows,
} from '@tensor-papers/numerics/metrics';

/** What every arm reports. Percentages are 0 … 100, likelihoods in nats. */
export type ArmMetrics = Record<string, number | null>;

/** Test accuracy, NLL and calibration of logits, and agreement with the teacher's where there are any. */
export function evaluateLogits(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
  teacherLogits?: Float32Array,
): ArmMetrics {
  return {
    'test-accuracy': 100 * accuracy(logits, labels, classes),
    'test-nll': negativeLogLikelihood(logits, labels, classes),
    'test-ece': 100 * expectedCalibrationError(softmaxRows(logits, classes), labels, classes, { bins: 15 }),
    ...(teacherLogits ? { 'teacher-agreement': 100 * agreement(logits, teacherLogits, classes) } : {}),
  };
}

/** Log of the mean of the members' probabilities: "logits" whose softmax is the ensemble of the spec's probability averaging. */
export function ensembleLogits(members: readonly Float32Array[], classes: number): Float32Array {
  const mean = new Float32Array(members[0]!.length);
  for (const logits of members) {
    const probabilities = softmaxRows(logits, classes);
    for (let i = 0; i < mean.length; i++) mean[i]! += probabilities[i]! / members.length;
  }
  return mean.map((probability) => Math.log(Math.max(probability, 1e-38)));
}
