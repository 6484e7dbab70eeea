import { describe, expect, it } from '@jest/globals';
import { expectGolden, goldenCases } from '../../test/golden-cases.js';
import { searchCalls } from '../../test/golden-search.js';

const cases = goldenCases().filter(({ fn }) => Object.hasOwn(searchCalls, fn));

describe('golden cases of search', () => {
  it.each(cases)('$name', ({ fn, inputs, options, expected, tolerance }) => {
    const got = searchCalls[fn]!(inputs, options);
    for (const [key, value] of Object.entries(expected)) {
      expect(got).toHaveProperty(key);
      expectGolden(got[key], value, tolerance, key);
    }
  });
});
