import { UnknownModeError } from './errors.js';

/**
 * What a student is trained on.
 *
 * - `ce`: labels only (the teacher's own objective, eq. 1; control)
 * - `ban`: the teacher's distribution only (eq. 2)
 * - `ban+l`: labels and the teacher's distribution ("BAN+L")
 * - `cwtm`: labels, weighted by the teacher's largest probability (eq. 10)
 * - `dkpp`: the teacher's distribution with its non-argmax values permuted (eq. 11)
 * - `smoothMax`: the expectation of `dkpp` over all permutations (ours, a noise-free control)
 */
export type BanMode = 'ce' | 'ban' | 'ban+l' | 'cwtm' | 'dkpp' | 'smoothMax';

/** All modes, in the order of the README's table. */
export const banModes: readonly BanMode[] = ['ce', 'ban', 'ban+l', 'cwtm', 'dkpp', 'smoothMax'];

/** Whether the loss of a mode reads labels. */
export function usesLabels(mode: BanMode): boolean {
  return mode === 'ce' || mode === 'ban+l' || mode === 'cwtm';
}

/** Whether the loss of a mode reads teacher logits. */
export function usesTeacher(mode: BanMode): boolean {
  return mode !== 'ce';
}

/**
 * The mode of that name.
 *
 * @throws UnknownModeError for any other text; the message lists the modes and names the nearest
 */
export function parseMode(text: string): BanMode {
  const found = banModes.find((mode) => mode === text);
  if (found) return found;
  const nearest = banModes.reduce((best, mode) =>
    editDistance(mode.toLowerCase(), text.toLowerCase()) < editDistance(best.toLowerCase(), text.toLowerCase())
      ? mode
      : best,
  );
  throw new UnknownModeError(
    `unknown mode '${text}': expected one of ${banModes.join(', ')}. Did you mean '${nearest}'?`,
  );
}

/** Levenshtein distance: insertions, deletions and substitutions that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substituted, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
