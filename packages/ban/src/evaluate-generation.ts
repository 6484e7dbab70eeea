import type { DataSet } from '@tensor-papers/numerics/data-set';
import { predictLogits } from '@tensor-papers/tensor-core/train';
import { requireFinite } from './checks.js';
import { type Classifier, classify } from './teacher.js';

/** What a finished model says about the training data, without augmentation. */
export interface TrainingEvaluation {
  /** `[n × C]` row-major. */
  readonly logits: Float32Array;
  readonly trainAccuracy: number | null;
  readonly meanConfidence: number;
}

/** Logits of a data set in inference mode. */
export function logitsOf(classifier: Classifier, data: DataSet, indices?: ArrayLike<number>): Promise<Float32Array> {
  return predictLogits((x) => classify(classifier, x), data, indices ? { indices } : {});
}

/** @throws NonFiniteError when a logit is NaN or infinite */
export async function evaluateTraining(
  classifier: Classifier,
  data: DataSet,
  generation: number,
): Promise<TrainingEvaluation> {
  const classes = data.classNames.length;
  const logits = await logitsOf(classifier, data);
  requireFinite(`logits of generation ${generation} on the training data`, logits);
  const logProbabilities = logSoftmaxRows(logits, classes);
  let confidence = 0;
  for (let row = 0; row < data.length; row++) confidence += Math.exp(largest(logProbabilities, row, classes));
  return { logits, trainAccuracy: labelledAccuracy(logits, data), meanConfidence: confidence / data.length };
}

/** Share of the labelled examples whose first largest logit is that of the label; null where no example has a label. */
export function labelledAccuracy(logits: Float32Array, { labels, classNames }: DataSet): number | null {
  const classes = classNames.length;
  let labelled = 0;
  let correct = 0;
  labels.forEach((label, row) => {
    if (label === -1) return;
    labelled++;
    const values = logits.subarray(row * classes, (row + 1) * classes);
    if (values.indexOf(Math.max(...values)) === label) correct++;
  });
  return labelled === 0 ? null : correct / labelled;
}

/** Mean over the rows of KL(softmax(t) ‖ softmax(z)) in nats. */
export function meanDivergence(teacherLogits: Float32Array, logits: Float32Array, classes: number): number {
  const logP = logSoftmaxRows(teacherLogits, classes);
  const logQ = logSoftmaxRows(logits, classes);
  let total = 0;
  for (let i = 0; i < logP.length; i++) total += Math.exp(logP[i]!) * (logP[i]! - logQ[i]!);
  return total / (logits.length / classes);
}

function logSoftmaxRows(logits: Float32Array, classes: number): Float64Array {
  const logProbabilities = Float64Array.from(logits);
  for (let row = 0; row < logits.length / classes; row++) {
    const shift = largest(logits, row, classes);
    let sum = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) sum += Math.exp(logits[i]! - shift);
    for (let i = row * classes; i < (row + 1) * classes; i++) logProbabilities[i]! -= shift + Math.log(sum);
  }
  return logProbabilities;
}

function largest(values: Float32Array | Float64Array, row: number, classes: number): number {
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = row * classes; i < (row + 1) * classes; i++) maximum = Math.max(maximum, values[i]!);
  return maximum;
}
