import { type PresetName, presetsWithoutVerdict } from '@tensor-papers/workbench';
import type { GenerationReport } from '../src/index.js';

/** The share of the training data that the teacher of a student without labels has to get right. */
export const enoughLearnt = 0.95;

/** Training accuracies (0 … 1) of the teachers that a run warns of: one for each of their students. */
export function unlearntTeachers(history: readonly GenerationReport[]): number[] {
  return history
    .filter(({ warnings }) => warnings.length > 0)
    .map(({ generation }) => history.find((teacher) => teacher.generation === generation - 1)!.trainAccuracy!);
}

/** All of them in one line; undefined where there are none. */
export function aboutUnlearntTeachers(accuracies: readonly number[], preset: PresetName): string | undefined {
  if (accuracies.length === 0) return undefined;
  const [least, most] = [Math.min(...accuracies), Math.max(...accuracies)].map((share) => (100 * share).toFixed(1));
  const range = least === most ? least : `${least} … ${most}`;
  const advice = presetsWithoutVerdict.includes(preset)
    ? `${preset}'s teachers are too small and trained too briefly for such students: it shows the machinery, not the method's benefit`
    : 'they inherit its mistakes; the notes of the result name them';
  return (
    `students without labels whose teacher gets less than ${100 * enoughLearnt} % of its training data right: ` +
    `${accuracies.length} (${range} %); ${advice}`
  );
}
