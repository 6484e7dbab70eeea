import { describe, expect, it } from '@jest/globals';
import { expectGolden, type GoldenCase, goldenCases } from '../../test/golden-cases.js';
import { calls, disputed } from '../../test/golden-hashers.js';

const own = goldenCases().filter(({ fn }) => fn in calls);

async function check({ fn, inputs, options, expected, tolerance }: GoldenCase): Promise<void> {
  const results = await calls[fn]!(inputs, options);
  for (const [key, value] of Object.entries(expected)) expectGolden(results[key], value, tolerance, key);
}

describe('golden cases', () => {
  it('name every function of the table', () => {
    expect(new Set(own.map(({ fn }) => fn))).toEqual(new Set(Object.keys(calls)));
  });

  it.each(own.filter(({ name }) => !disputed.includes(name)).map((each) => [each.name, each] as const))(
    '%s',
    (_, each) => check(each),
  );

  it.each(own.filter(({ name }) => disputed.includes(name)))(
    '$name: expects the opposite of its name',
    async (each) => {
      await expect(check(each)).rejects.toThrow();
      const { bits } = await calls[each.fn]!(each.inputs, each.options);
      expect(bits).toEqual([
        [1, 1, 1],
        [1, 1, 1],
      ]);
    },
  );
});
