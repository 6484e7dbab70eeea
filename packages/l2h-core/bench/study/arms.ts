import { methods } from '../methods.js';
import type { StudyConfig } from './config.js';

/** Methods that learn from few labels, and one that needs none. */
export const studied = ['itq', 'cca-itq', 'ksh', 'sdh', 'mlh'] as const;

export const searchArm = (recipe: string, n: number, k: number) => `search/${recipe}/n${n}/k${k}`;
export const labelledArm = (method: string, n: number) => `labelled/${method}/n${n}`;

/** Every arm of a study, with what it is. */
export function studyArms({ sizes, recipes, neighbors, labelled, bits }: StudyConfig): Record<string, string> {
  const search = recipes.flatMap((recipe) =>
    sizes.flatMap((n) =>
      neighbors.map((k) => [searchArm(recipe, n, k), `the ${k} nearest of ${n} ${recipe} codes of 64 bits`]),
    ),
  );
  const labels = studied.flatMap((method) =>
    labelled.map((n) => [labelledArm(method, n), `${methods[method]!.what}, ${bits} bits, learnt from ${n} vectors`]),
  );
  return Object.fromEntries([...search, ...labels]);
}
