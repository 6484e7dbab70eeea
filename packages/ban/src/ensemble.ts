import * as tf from '@tensorflow/tfjs';
import { requireFinite, requireLogits } from './checks.js';
import { ClassCountError, EmptyBatchError, LogitsError, OptionError } from './errors.js';
import { type Classifier, classify } from './teacher.js';

/**
 * The ensemble's prediction (eq. 4): the mean of its members' softmax probabilities, f̂(x) = (1/K) Σ_k softmax(z_k).
 *
 * Averaging logits is another rule and gives other classes.
 *
 * @param memberLogits z_k, `[B, C]` float32 of each member
 * @returns `[B, C]` float32, rows sum to 1; the caller disposes it
 * @throws EmptyBatchError without members; LogitsError, ClassCountError for members of other shapes; with `validate`
 * NonFiniteError
 */
export function ensembleProbabilities(
  memberLogits: readonly tf.Tensor2D[],
  { validate = false }: { readonly validate?: boolean } = {},
): tf.Tensor2D {
  const [first, ...others] = memberLogits;
  if (!first) throw new EmptyBatchError('ensemble: expected at least one member, got none');
  const [batch, classes] = requireLogits('member 0', first);
  others.forEach((logits, i) => {
    const [rows, columns] = requireLogits(`member ${i + 1}`, logits);
    if (columns !== classes) {
      throw new ClassCountError(`ensemble: member ${i + 1} has ${columns} classes, member 0 has ${classes}`);
    }
    if (rows !== batch) {
      throw new LogitsError(
        `ensemble: member ${i + 1} has ${rows} rows, member 0 has ${batch}; feed all the same batch`,
      );
    }
  });
  if (validate) {
    memberLogits.forEach((logits, i) => {
      requireFinite(`member ${i}`, logits.dataSync());
    });
  }
  return tf.tidy(() => tf.addN(memberLogits.map((logits) => tf.softmax(logits))).div(memberLogits.length));
}

/** What {@link ensemblePredict} returns. The caller disposes it as a whole. */
export interface EnsemblePrediction {
  /** Mean probability of the members, `[B, C]`. */
  readonly probabilities: tf.Tensor2D;
  /** Class of the largest mean probability, ties: lowest index, `[B]` int32. */
  readonly classes: tf.Tensor1D;
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * What an ensemble says about a batch: every member in inference mode, probabilities averaged (eq. 4).
 *
 * @param members models or functions that return logits `[B, C]`
 * @param x inputs `[B, …]`
 * @throws as {@link ensembleProbabilities}
 */
export function ensemblePredict(members: readonly Classifier[], x: tf.Tensor): EnsemblePrediction {
  const { probabilities, classes } = tf.tidy(() => {
    const mean = ensembleProbabilities(members.map((member) => classify(member, x)));
    return { probabilities: mean, classes: tf.argMax(mean, 1) as tf.Tensor1D };
  });
  const dispose = () => tf.dispose([probabilities, classes]);
  return { probabilities, classes, dispose, [Symbol.dispose]: dispose };
}

/** Options of {@link selectEnsemble}. */
export interface SelectEnsembleOptions {
  /** How many students, from the first generation on. Default: all. */
  readonly students?: number;
  /** Whether the teacher is a member. The paper's BANE has students only, so the default is false. */
  readonly teacher?: boolean;
}

/** An ensemble with the name that reports use. */
export interface NamedEnsemble<Model> {
  /** `BANE-3` for three students, `teacher+BANE-2` with the teacher. */
  readonly name: string;
  readonly members: readonly Model[];
}

/**
 * The members of a born-again network ensemble: students 1 … K, and the teacher only by request.
 *
 * @param generations what was trained: `teacher` (null when it is not kept) and `students` in order
 * @throws OptionError for more students than there are, for none, or for a teacher that is not there
 * @example
 * const { name, members } = selectEnsemble(run, { students: 3 }); // BANE-3
 */
export function selectEnsemble<Model>(
  generations: { readonly teacher: Model | null; readonly students: readonly Model[] },
  { students = generations.students.length, teacher = false }: SelectEnsembleOptions = {},
): NamedEnsemble<Model> {
  const available = generations.students.length;
  if (!Number.isInteger(students) || students < 1 || students > available) {
    throw new OptionError(`students: expected 1 … ${available} of the trained students, got ${students}`);
  }
  const members = generations.students.slice(0, students);
  if (!teacher) return { name: `BANE-${students}`, members };
  if (generations.teacher === null) {
    throw new OptionError('teacher: expected to be a member, but no teacher model was kept; train with keep: all');
  }
  return { name: `teacher+BANE-${students}`, members: [generations.teacher, ...members] };
}
