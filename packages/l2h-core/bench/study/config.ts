import type { CodeRecipe } from '../code-recipes.js';
import type { HashingConfig } from '../config.js';
import { standard } from '../config.js';

/** Where multi-index hashing pays, and how many labels supervised hashing needs: plain JSON. */
export interface StudyConfig {
  /** Numbers of codes that are searched. */
  readonly sizes: readonly number[];
  readonly recipes: readonly CodeRecipe[];
  /** The k of the searches. */
  readonly neighbors: readonly number[];
  /** Queries of a search, one a call. */
  readonly queries: number;
  /** Numbers of labelled vectors that hashers learn from. */
  readonly labelled: readonly number[];
  readonly bits: number;
  /** Data and methods of the comparison by labels. */
  readonly comparison: HashingConfig;
}

export const study: StudyConfig = {
  sizes: [1_000, 10_000, 100_000, 1_000_000, 10_000_000],
  recipes: ['learned', 'random'],
  neighbors: [1, 10, 100],
  queries: 100,
  labelled: [300, 1_000, 5_000, 20_000],
  bits: 32,
  comparison: standard,
};
