import { createRng } from '@tensor-papers/numerics/random';
import { SharedGenerationError } from './errors.js';

/**
 * The seeds s_0, s_1, …, s_K of the teacher and its students: one for each generation, all different.
 *
 * A student that starts from its teacher's initial weights and sees the data in its teacher's order is a copy of it.
 *
 * @param seed of the whole run
 * @param generations K ≥ 0
 * @returns K + 1 seeds; a larger K keeps what a smaller one gave
 * @throws SharedGenerationError when two generations would share a seed
 */
export function generationSeeds(seed: number, generations: number): number[] {
  const rng = createRng(seed).stream('generation');
  return requireDistinctSeeds(
    Array.from({ length: generations + 1 }, (_, generation) => rng.stream(generation).seed()),
  );
}

/** @internal */
export function requireDistinctSeeds(seeds: number[]): number[] {
  seeds.forEach((seed, generation) => {
    const first = seeds.indexOf(seed);
    if (first !== generation) {
      throw new SharedGenerationError(
        `generations ${first} and ${generation} would share the seed ${seed}: expected one of its own for each; take another run seed`,
      );
    }
  });
  return seeds;
}
