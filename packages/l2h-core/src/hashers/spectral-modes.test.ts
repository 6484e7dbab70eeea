import { expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { spectralModes } from './spectral-modes.js';

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'takes the smallest eigenvalues of all modes, in ascending order, case %p',
  (seed) => {
    const rng = createRng(seed);
    const bits = 1 + rng.integer(12);
    const ranges = Array.from({ length: 1 + rng.integer(5) }, () => 0.1 + 4 * rng.uniform());
    const all = ranges.flatMap((range, dimension) =>
      Array.from({ length: 50 }, (_, i) => ({ dimension, k: i + 1, omega: ((i + 1) * Math.PI) / range })),
    );
    all.sort((a, b) => a.omega ** 2 - b.omega ** 2);
    expect(spectralModes(ranges, bits)).toEqual(all.slice(0, bits));
  },
);

it('takes equal eigenvalues in the order of the directions, and nothing from directions without a range', () => {
  const modes = spectralModes([2, 4, 2, 0], 5).map(({ dimension, k }) => [dimension, k]);
  expect(modes).toEqual([
    [1, 1],
    [0, 1],
    [1, 2],
    [2, 1],
    [1, 3],
  ]);
});
