import { requireChoice } from './ranking.js';

/** What mutual information is divided by: a mean of the two entropies, the smaller or the larger one. */
export type InformationNormaliser = 'arithmetic' | 'geometric' | 'min' | 'max';

/** Options of `normalizedMutualInformation` and `adjustedMutualInformation`. */
export interface MutualInformationOptions {
  /** Default `'arithmetic'`, the mean of the entropies. */
  readonly normaliser?: InformationNormaliser;
}

export function normalise(normaliser: InformationNormaliser, entropyA: number, entropyB: number): number {
  requireChoice('normaliser', normaliser, ['arithmetic', 'geometric', 'min', 'max']);
  if (normaliser === 'arithmetic') return (entropyA + entropyB) / 2;
  if (normaliser === 'geometric') return Math.sqrt(entropyA * entropyB);
  return normaliser === 'min' ? Math.min(entropyA, entropyB) : Math.max(entropyA, entropyB);
}
