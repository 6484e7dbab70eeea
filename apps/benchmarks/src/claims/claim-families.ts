import type { ClaimResult } from '@tensor-papers/workbench';

/** A claim and the claims that ask the same again on other data. */
export interface ClaimFamily {
  claim: ClaimResult;
  repeats: ClaimResult[];
}

/** Claims with their repeats, in the order in which the claims are declared; a repeat of a claim that is not there stands by itself. */
export function claimFamilies(claims: readonly ClaimResult[]): ClaimFamily[] {
  const ids = new Set(claims.filter(({ repeats }) => !repeats).map(({ id }) => id));
  const stands = ({ repeats }: ClaimResult) => !repeats || !ids.has(repeats.claim);
  return claims.filter(stands).map((claim) => ({
    claim,
    repeats: claims.filter((other) => !stands(other) && other.repeats?.claim === claim.id),
  }));
}

/** The repeats that have a verdict, and those of them whose verdict is another one than that of the claim. */
export function comparedRepeats(families: readonly ClaimFamily[]): { all: ClaimResult[]; differing: ClaimResult[] } {
  const judged = families.flatMap(({ claim, repeats }) =>
    claim.verdict === null
      ? []
      : repeats
          .filter(({ verdict }) => verdict !== null)
          .map((repeat) => ({ repeat, differs: verdictsDiffer(claim, repeat) })),
  );
  return {
    all: judged.map(({ repeat }) => repeat),
    differing: judged.filter(({ differs }) => differs).map(({ repeat }) => repeat),
  };
}

/** Whether both have a verdict, and not the same one. */
export function verdictsDiffer(claim: ClaimResult, repeat: ClaimResult): boolean {
  return claim.verdict !== null && repeat.verdict !== null && claim.verdict !== repeat.verdict;
}
