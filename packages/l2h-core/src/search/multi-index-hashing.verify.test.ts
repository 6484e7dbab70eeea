import { expect, it } from '@jest/globals';
import { compareWithFlat } from '../../test/compare-with-flat.js';

it('multi-index hashing equals the flat search on 100,000 queries', () => {
  expect(compareWithFlat(100_000, 2).queries).toBeGreaterThanOrEqual(100_000);
});
