import type { ClaimResult } from '@tensor-papers/workbench';

/** The effects that a claim asserts, as an open interval; an infinite end is a side without a limit. */
export interface Region {
  from: number;
  to: number;
}

type Asserted = Pick<ClaimResult, 'kind' | 'better' | 'margin'>;

/** Where the effect (treatment − control, or the slope over the arms) has to lie for the claim to hold. */
export function claimedRegion({ kind, better, margin }: Asserted): Region {
  if (kind === 'exact') return { from: 0, to: 0 };
  if (kind === 'equivalence') return { from: -margin, to: margin };
  const threshold = kind === 'nonInferiority' ? -margin : margin;
  return better === 'higher'
    ? { from: threshold, to: Number.POSITIVE_INFINITY }
    : { from: Number.NEGATIVE_INFINITY, to: -threshold };
}
