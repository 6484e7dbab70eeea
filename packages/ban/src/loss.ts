import * as tf from '@tensorflow/tfjs';
import { requireFinite, requireLabels, requireLabelValues, requireLogits, requireSameShape } from './checks.js';
import { confidenceWeights } from './confidence-weights.js';
import { MissingInputError, OptionError } from './errors.js';
import { type BanMode, parseMode, usesLabels, usesTeacher } from './mode.js';
import { banTargets, type Permutation, requirePermutationValues, requireTemperature } from './targets.js';

/** Options of {@link banLoss}. */
export interface BanLossOptions {
  /** Default `ban`. */
  readonly mode?: BanMode;
  /** `ban+l` only: weight of the label term. The paper gives none; default 1. */
  readonly labelWeight?: number;
  /** `ban+l` only: weight of the teacher term. The paper gives none; default 1. */
  readonly teacherWeight?: number;
  /**
   * `ban` and `ban+l` only: T > 0 softens student and teacher in the teacher term, which is multiplied by T² so that its
   * gradient keeps its size. Default 1, the paper's value; anything else deviates from it.
   */
  readonly temperature?: number;
  /** `dkpp` only: φ of eq. 11, from {@link drawPermutations} or {@link fixedPermutations}. */
  readonly permutation?: Permutation;
  /** Also checks values (finite logits, labels in range). Waits for the engine, so it is off by default. */
  readonly validate?: boolean;
}

/**
 * The loss of a born-again student: a mean over the batch, a sum over classes. With q = softmax(z), p = softmax(t):
 *
 * - `ce`: L_CE = −(1/B) Σ_s log q_{s,y_s} (eq. 1)
 * - `ban`: L_BAN = −(1/B) Σ_s Σ_i p_{s,i} log q_{s,i} (eq. 2)
 * - `ban+l`: labelWeight · L_CE + teacherWeight · L_BAN
 * - `cwtm`: −Σ_s w_s log q_{s,y_s}, w from {@link confidenceWeights} (eq. 10)
 * - `dkpp`, `smoothMax`: L_BAN with the target of {@link banTargets} in place of p (eq. 11)
 *
 * The teacher is a constant: no gradient goes to `teacherLogits`, even if they were computed from variables.
 *
 * @param studentLogits z, `[B, C]` float32
 * @param teacherLogits t, `[B, C]` float32; null in `ce`
 * @param labels y, `[B]` int32, 0 … C − 1; null in the label-free modes
 * @returns a scalar in nats; the caller disposes it
 * @throws LogitsError, LabelsError, EmptyBatchError, ClassCountError for other shapes and dtypes; MissingInputError when
 * the mode's teacher, labels or permutation is missing; OptionError for an option that the mode does not take;
 * with `validate` also NonFiniteError, and LabelsError for labels outside the classes
 * @example
 * const loss = banLoss(studentLogits, teacherLogits, null, { mode: 'ban' });
 */
export function banLoss(
  studentLogits: tf.Tensor2D,
  teacherLogits: tf.Tensor2D | null,
  labels: tf.Tensor1D | null,
  options: BanLossOptions = {},
): tf.Scalar {
  return tf.tidy(() => banLossPerSample(studentLogits, teacherLogits, labels, options).mean() as tf.Scalar);
}

/**
 * The contribution of each sample to {@link banLoss}: its mean over the batch is the loss.
 *
 * In `cwtm` a sample's value is B · w_s · (−log q_{s,y_s}), in the other modes its own cross-entropy.
 *
 * @returns `[B]` float32 in nats; the caller disposes it
 * @throws as {@link banLoss}
 */
export function banLossPerSample(
  studentLogits: tf.Tensor2D,
  teacherLogits: tf.Tensor2D | null,
  labels: tf.Tensor1D | null,
  options: BanLossOptions = {},
): tf.Tensor1D {
  const inputs = requireInputs(studentLogits, teacherLogits, labels, options);
  const { mode, classes, temperature } = inputs;
  return tf.tidy(() => {
    const oneHot = () => tf.oneHot(inputs.labels!, classes, 1, 0, 'float32') as tf.Tensor2D;
    if (mode === 'ce') return crossEntropy(oneHot(), studentLogits);
    const teacher = inputs.teacherLogits!;
    if (mode === 'cwtm') {
      const weights = confidenceWeights(teacher).mul(inputs.batch).expandDims(1);
      return crossEntropy(oneHot().mul(weights), studentLogits);
    }
    const targets = banTargets(teacher, targetOptions(mode, options));
    if (mode !== 'ban' && mode !== 'ban+l') return crossEntropy(targets, studentLogits);
    const labelTargets = mode === 'ban+l' ? scale(oneHot(), inputs.labelWeight) : null;
    const teacherTargets = scale(targets, inputs.teacherWeight * temperature ** 2);
    if (temperature === 1) return crossEntropy(labelTargets?.add(teacherTargets) ?? teacherTargets, studentLogits);
    const teacherTerm = crossEntropy(teacherTargets, studentLogits.div(temperature));
    return labelTargets ? crossEntropy(labelTargets, studentLogits).add(teacherTerm) : teacherTerm;
  });
}

function targetOptions(mode: BanMode, { permutation, temperature }: BanLossOptions) {
  if (mode === 'dkpp') return { mode, ...(permutation ? { permutation } : {}) };
  return temperature === undefined ? { mode } : { mode, temperature };
}

const scale = (tensor: tf.Tensor2D, factor: number): tf.Tensor2D => (factor === 1 ? tensor : tensor.mul(factor));

/**
 * −Σ_i w_{s,i} log q_{s,i} per sample, with gradient w.r.t. z of q Σ_i w_i − w.
 *
 * One custom gradient for the whole term: no gradient reaches the targets, and the backward pass is four kernels. With
 * log-softmax, logits of ±1e4 stay finite.
 */
function crossEntropy(targets: tf.Tensor2D, logits: tf.Tensor2D): tf.Tensor1D {
  const withGradient = tf.customGrad((z, save) => {
    const logQ = tf.logSoftmax(z as tf.Tensor2D);
    (save as tf.GradSaveFunc)([logQ, targets]);
    return {
      value: targets.mul(logQ).sum(1).neg(),
      gradFunc: (dy, saved) => {
        const [savedLogQ, w] = saved as [tf.Tensor2D, tf.Tensor2D];
        const mass = w.sum(1, true); // [B, 1]
        return savedLogQ
          .exp()
          .mul(mass)
          .sub(w)
          .mul((dy as tf.Tensor1D).expandDims(1));
      },
    };
  });
  return withGradient(logits) as tf.Tensor1D;
}

interface CheckedInputs {
  readonly mode: BanMode;
  readonly batch: number;
  readonly classes: number;
  readonly temperature: number;
  readonly labelWeight: number;
  readonly teacherWeight: number;
  readonly teacherLogits: tf.Tensor2D | null;
  readonly labels: tf.Tensor1D | null;
}

function requireInputs(
  studentLogits: tf.Tensor2D,
  teacherLogits: tf.Tensor2D | null,
  labels: tf.Tensor1D | null,
  options: BanLossOptions,
): CheckedInputs {
  const mode = parseMode(options.mode ?? 'ban');
  const temperature = requireTemperature(mode, options.temperature);
  const labelWeight = requireWeight('labelWeight', mode, options.labelWeight);
  const teacherWeight = requireWeight('teacherWeight', mode, options.teacherWeight);
  const [batch, classes] = requireLogits('studentLogits', studentLogits);
  if (options.permutation && mode !== 'dkpp') {
    throw new OptionError(`permutation: only mode 'dkpp' takes one, got mode '${mode}'`);
  }
  if (usesTeacher(mode)) {
    if (!teacherLogits) throw new MissingInputError(`mode '${mode}' needs teacherLogits [${batch}, ${classes}]`);
    requireSameShape(studentLogits, teacherLogits);
  }
  if (usesLabels(mode)) {
    if (!labels) throw new MissingInputError(`mode '${mode}' needs labels [${batch}] int32`);
    requireLabels(labels, batch);
  }
  const checked = {
    ...{ mode, batch, classes, temperature, labelWeight, teacherWeight },
    teacherLogits: usesTeacher(mode) ? teacherLogits : null,
    labels: usesLabels(mode) ? labels : null,
  };
  if (options.validate) requireValues(studentLogits, checked, options.permutation);
  return checked;
}

/** @internal A weight of `ban+l`; throws where a mode takes none. */
export function requireWeight(what: string, mode: BanMode, weight = 1): number {
  if (!(weight >= 0 && Number.isFinite(weight))) {
    throw new OptionError(`${what}: expected a number of at least 0, got ${weight}`);
  }
  if (weight !== 1 && mode !== 'ban+l') {
    throw new OptionError(`${what}: mode '${mode}' takes none (only ban+l does), got ${weight}`);
  }
  return weight;
}

function requireValues(studentLogits: tf.Tensor2D, inputs: CheckedInputs, permutation?: Permutation): void {
  requireFinite('studentLogits', studentLogits.dataSync());
  if (inputs.teacherLogits) requireFinite('teacherLogits', inputs.teacherLogits.dataSync());
  if (inputs.labels) requireLabelValues(inputs.labels.dataSync(), inputs.classes);
  if (permutation instanceof tf.Tensor) requirePermutationValues(permutation.dataSync(), inputs.classes - 1);
}
