import type { BornAgainWarning } from './generation-report.js';
import type { BanMode } from './mode.js';

/** Of a teacher, what decides whether it is fit to teach without labels. */
export interface TeacherFacts {
  /** The teacher's own generation. */
  readonly generation: number;
  readonly trainAccuracy: number | null;
}

/**
 * The precondition of the label-free modes: the teacher has (nearly) learnt the training data.
 *
 * A student of `ban`, `dkpp` or `smoothMax` never sees a label, so it learns its teacher's mistakes, and each generation adds
 * its own; `ban+l` corrects them.
 *
 * @param threshold share 0 … 1
 * @returns null where the precondition holds, where the mode reads labels, or where the accuracy is unknown
 */
export function preconditionWarning(
  mode: BanMode,
  { generation, trainAccuracy }: TeacherFacts,
  threshold: number,
): BornAgainWarning | null {
  const labelFree = mode === 'ban' || mode === 'dkpp' || mode === 'smoothMax';
  if (!labelFree || trainAccuracy === null || trainAccuracy >= threshold) return null;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return {
    code: 'ban/teacher-not-converged',
    message:
      `generation ${generation}, the teacher of generation ${generation + 1}, gets ${percent(trainAccuracy)} of the training data right, ` +
      `expected at least ${percent(threshold)}: in mode '${mode}' its students never see a label and inherit its mistakes. ` +
      "Train the teacher longer, or use mode 'ban+l'.",
    generation: generation + 1,
  };
}
