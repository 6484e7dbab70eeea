import * as tf from '@tensorflow/tfjs';
import { requireFinite, requireLabels, requireLabelValues, requireLogits, requireSameShape } from './checks.js';
import { OptionError } from './errors.js';

/** What {@link gradientDecomposition} returns. The caller disposes it as a whole. */
export interface GradientDecomposition {
  /** p_*, the teacher's probability of the true class, `[B]`. */
  readonly trueProbability: tf.Tensor1D;
  /** d, the teacher's distribution renormalised over the wrong classes: d_* = 0, d_i = p_i / (1 − p_*), `[B, C]`. */
  readonly darkKnowledge: tf.Tensor2D;
  /** q − p, the gradient of the per-sample loss w.r.t. the student's logits (eq. 6), `[B, C]`. */
  readonly gradient: tf.Tensor2D;
  /** p_* (q − Y): the label's gradient, rescaled by the teacher's confidence, `[B, C]`. */
  readonly labelGradient: tf.Tensor2D;
  /** (1 − p_*)(q − d): the dark knowledge's gradient, `[B, C]`. `gradient` is the sum of the two. */
  readonly darkKnowledgeGradient: tf.Tensor2D;
  /** q_* − p_*: a sample's part of the first sum of eq. 7, `[B]`. */
  readonly trueClassTerm: tf.Tensor1D;
  /** Σ_{i ≠ *} (q_i − p_i): a sample's part of the second sum of eq. 7, `[B]`. */
  readonly wrongClassTerm: tf.Tensor1D;
  /** The weights of eq. 9, p_{*,s} / Σ_u p_{*,u}, `[B]`. */
  readonly importanceWeights: tf.Tensor1D;
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * Splits the gradient of the born-again loss into the part of the true class and the part of dark knowledge (eq. 5–9).
 *
 * Exact identity, per sample: q − p = p_* (q − Y) + (1 − p_*)(q − d), with q = softmax(z), p = softmax(t), Y one-hot. The two
 * terms of eq. 7 cancel when they are summed over all outputs, so they are a reading of the gradient, never a loss.
 *
 * d and the weights of eq. 9 are computed from log-probabilities, so they stay defined where p_* rounds to 1 or to 0.
 *
 * @param studentLogits z, `[B, C]` float32, C ≥ 2
 * @param teacherLogits t, `[B, C]` float32
 * @param labels y, `[B]` int32, 0 … C − 1
 * @param options `validate` also checks values, which waits for the engine
 * @throws LogitsError, LabelsError, EmptyBatchError, ClassCountError for other shapes and dtypes; OptionError for a single class; with `validate` also
 * NonFiniteError, and LabelsError for labels outside the classes
 * @example
 * const parts = gradientDecomposition(studentLogits, teacherLogits, labels);
 * parts.trueProbability.print();
 * parts.dispose();
 */
export function gradientDecomposition(
  studentLogits: tf.Tensor2D,
  teacherLogits: tf.Tensor2D,
  labels: tf.Tensor1D,
  { validate = false }: { readonly validate?: boolean } = {},
): GradientDecomposition {
  const [batch, classes] = requireLogits('studentLogits', studentLogits);
  requireSameShape(studentLogits, teacherLogits);
  requireLabels(labels, batch);
  if (classes < 2) throw new OptionError(`gradientDecomposition: expected at least 2 classes, got ${classes}`);
  if (validate) {
    requireFinite('studentLogits', studentLogits.dataSync());
    requireFinite('teacherLogits', teacherLogits.dataSync());
    requireLabelValues(labels.dataSync(), classes);
  }
  const parts = tf.tidy(() => {
    const isTrue = tf.oneHot(labels, classes, 1, 0, 'float32') as tf.Tensor2D; // Y, [B, C]
    const isWrong = tf.sub(1, isTrue);
    const q = tf.softmax(studentLogits);
    const logP = tf.logSoftmax(teacherLogits);
    const p = logP.exp();
    const trueProbability = p.mul(isTrue).sum(1); // [B]
    const wrongProbability = p.mul(isWrong).sum(1); // [B], 1 − p_* without cancellation
    const darkKnowledge = softmaxOverWrongClasses(teacherLogits, isTrue, isWrong);
    const gradient = q.sub(p);
    return {
      trueProbability,
      darkKnowledge,
      gradient,
      labelGradient: q.sub(isTrue).mul(trueProbability.expandDims(1)),
      darkKnowledgeGradient: q.sub(darkKnowledge).mul(wrongProbability.expandDims(1)),
      trueClassTerm: gradient.mul(isTrue).sum(1),
      wrongClassTerm: gradient.mul(isWrong).sum(1),
      importanceWeights: tf.softmax(logP.mul(isTrue).sum(1).expandDims(0)).reshape([batch]),
    };
  }) as Omit<GradientDecomposition, 'dispose' | typeof Symbol.dispose>;
  const dispose = () => tf.dispose({ ...parts });
  return { ...parts, dispose, [Symbol.dispose]: dispose };
}

function softmaxOverWrongClasses(teacherLogits: tf.Tensor2D, isTrue: tf.Tensor2D, isWrong: tf.Tensor): tf.Tensor2D {
  // Moving the true class to the row's minimum keeps it from deciding the shift of the exponentials.
  const withoutTrue = teacherLogits.mul(isWrong).add(teacherLogits.min(1, true).mul(isTrue));
  const exponentials = withoutTrue.sub(withoutTrue.max(1, true)).exp().mul(isWrong);
  return exponentials.div(exponentials.sum(1, true)) as tf.Tensor2D;
}
