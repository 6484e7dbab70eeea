import { describe, expect, it } from '@jest/globals';
import { expectGolden, goldenCases } from '../../test/golden-cases.js';
import { quantizerCalls } from '../../test/golden-quantizers.js';

const cases = goldenCases().filter(({ fn }) => Object.hasOwn(quantizerCalls, fn));

describe('golden cases of quantisers', () => {
  it.each(cases)('$name', async ({ fn, inputs, options, expected, tolerance }) => {
    const got = await quantizerCalls[fn]!(inputs, options);
    for (const [key, value] of Object.entries(expected)) {
      expect(got).toHaveProperty(key);
      expectGolden(got[key], value, tolerance, key);
    }
  });
});
