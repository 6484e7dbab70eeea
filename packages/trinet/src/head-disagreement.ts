import { requireLength } from './checks.js';
import { ShapeError } from './errors.js';

/** How often heads prefer different classes. */
export interface HeadDisagreement {
  /** Share of examples, 0 … 1, for the pairs (1, 2), (1, 3), (2, 3). */
  readonly pairs: readonly number[];
  /** Mean over the pairs. */
  readonly mean: number;
}

/**
 * The share of examples on which two heads prefer different classes, for every pair of heads.
 *
 * @param headClasses of each head `[N]` class ids, N ≥ 1
 * @throws ShapeError
 */
export function headDisagreement(headClasses: readonly ArrayLike<number>[]): HeadDisagreement {
  const size = headClasses[0]?.length ?? 0;
  if (headClasses.length < 2 || size === 0) {
    throw new ShapeError(
      `headDisagreement: expected 2 heads and 1 example at least, got ${headClasses.length} and ${size}`,
    );
  }
  for (const classes of headClasses) requireLength('headDisagreement', classes, size, '[N]');
  const pairs = headClasses.flatMap((first, i) =>
    headClasses.slice(i + 1).map((second) => {
      let differ = 0;
      for (let row = 0; row < size; row++) if (first[row] !== second[row]) differ += 1;
      return differ / size;
    }),
  );
  return { pairs, mean: pairs.reduce((sum, share) => sum + share, 0) / pairs.length };
}
