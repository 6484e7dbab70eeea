import { OptionError } from './errors.js';

/** Which head: 1, 2 or 3, as in the paper. Head 1 is the one that moves the trunk. */
export type HeadNumber = 1 | 2 | 3;

/** All heads, in the order in which they are trained. */
export const headNumbers: readonly HeadNumber[] = [1, 2, 3];

/** Who labels for a head: the other two, as in the paper, or the head itself (plain self-training, a control). */
export type Labelers = 'others' | 'self';

/** The two heads that label for a head. */
export function labelersOf(head: HeadNumber, labelers: Labelers = 'others'): readonly [HeadNumber, HeadNumber] {
  if (labelers === 'self') return [head, head];
  const [j, h] = headNumbers.filter((other) => other !== head);
  return [j!, h!];
}

/** @internal Throws unless it is 1, 2 or 3. */
export function requireHead(head: number): void {
  if (!headNumbers.includes(head as HeadNumber)) throw new OptionError(`head: expected 1, 2 or 3, got ${head}`);
}
