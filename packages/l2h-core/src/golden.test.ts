import { describe, expect, it } from '@jest/globals';
import {
  casesIn,
  checkGolden,
  differences,
  fixtureCases,
  type GoldenCalls,
  type GoldenCase,
} from '../test/golden-cases.js';
import { evaluationCalls } from '../test/golden-evaluation.js';
import { hasherCalls } from '../test/golden-hashers.js';
import { quantizerCalls } from '../test/golden-quantizers.js';
import { searchCalls } from '../test/golden-search.js';

const calls: GoldenCalls = { ...searchCalls, ...hasherCalls, ...quantizerCalls, ...evaluationCalls };

/** What this package does not have yet: losses of networks that learn codes. */
const pending: readonly string[] = [
  // The softplus of DPSH and HashNet; its cases have no name of a function.
  '',
  'dpsh-2_2-15-theta',
  'hashnet-2_2-15-u',
  'dsh-2_2-14-mean',
  'adsh-2_2-16-and',
  'cnnh-stage-1-2_2',
  'gradients-of-2_4-b',
];

/** Cases whose expected values contradict their own name and the definitions, with what these say. */
const disputed: Readonly<Record<string, GoldenCase['expected']>> = {
  // Expects bits 0 where x = μ; but the sign of 0 is bit 1 in every encoder, so that both rows have the same code.
  'sgn(0) = +1: a row equal to the mean': {
    bits: [
      [1, 1, 1],
      [1, 1, 1],
    ],
    angles: [
      [0, 0],
      [0, 0],
    ],
  },
};

const fixture = fixtureCases();
const file = process.env.GOLDEN_CASES;
const cases = file ? casesIn(file) : fixture;
const asked = cases.filter(({ fn }) => !pending.includes(fn));
/** The disputed case as it stands in the fixture; one of that name with other values is a case as any other. */
const isDisputed = (golden: GoldenCase) =>
  Object.hasOwn(disputed, golden.name) && fixture.some((own) => JSON.stringify(own) === JSON.stringify(golden));

describe(`golden cases of ${file ? 'GOLDEN_CASES' : 'the fixture'}`, () => {
  it('has cases, and functions of its own', () => {
    expect(cases.length).toBeGreaterThan(0);
    expect(pending.filter((fn) => Object.hasOwn(calls, fn))).toEqual([]);
    const functions = [searchCalls, hasherCalls, quantizerCalls, evaluationCalls].flatMap(Object.keys);
    expect(new Set(functions).size).toBe(functions.length);
    const known = new Set(fixture.map(({ fn }) => fn));
    expect([...functions, ...pending].filter((fn) => !known.has(fn))).toEqual([]);
  });

  it.each(asked.filter((golden) => !isDisputed(golden)).map((golden) => [golden.name, golden] as const))(
    '%s',
    async (_, golden) => {
      expect(await checkGolden(calls, golden)).toEqual([]);
    },
  );

  const open = asked.filter(isDisputed);
  if (open.length > 0) {
    it.each(open.map((golden) => [golden.name, golden] as const))(
      '%s: what it expects contradicts its name',
      async (name, golden) => {
        const expected = { ...golden.expected, ...disputed[name] };
        expect(await checkGolden(calls, { ...golden, expected })).toEqual([]);
        expect(await checkGolden(calls, golden)).not.toEqual([]);
      },
    );
  }
});

describe('the comparison itself', () => {
  const golden = fixture[0]!;

  it('fails on an unknown fn, also where every object has such a field', async () => {
    expect(await checkGolden(calls, golden)).toEqual([]);
    for (const fn of ['no-such-function', 'toString']) {
      expect(await checkGolden(calls, { ...golden, fn })).toEqual([expect.stringContaining('unknown fn')]);
    }
  });

  it('fails on a key that no call answers', async () => {
    expect(await checkGolden(calls, { ...golden, expected: { noSuchKey: null } })).toHaveLength(1);
  });

  it('takes an option that is null for one that is not given', async () => {
    const isMissing: GoldenCalls = { f: (_, options: object) => ({ given: Object.keys(options) }) };
    const asking = { ...golden, fn: 'f', expected: { given: [] } };
    expect(await checkGolden(isMissing, { ...asking, options: { k: null } })).toEqual([]);
    expect(await checkGolden(isMissing, { ...asking, options: null })).toEqual([]);
    expect(await checkGolden(isMissing, { ...asking, options: { k: 0 } })).toHaveLength(1);
  });

  it('fails on a number that is off, on NaN, on another shape and on another text', () => {
    expect(differences('loss', 1.001, 1, 1e-5)).toHaveLength(1);
    expect(differences('loss', 1.000001, 1, 1e-5)).toEqual([]);
    expect(differences('loss', 2000.01, 2000, 1e-5)).toEqual([]);
    expect(differences('loss', Number.NaN, 1, 1e-5)).toHaveLength(1);
    expect(differences('loss', undefined, 0, 1)).toHaveLength(1);
    expect(differences('loss', null, 0, 1)).toHaveLength(1);
    expect(differences('rows', [1, 2], [1], 1e-5)).toHaveLength(1);
    expect(differences('rows', 1, [1], 1e-5)).toHaveLength(1);
    expect(differences('open', Number.POSITIVE_INFINITY, null, 1e-5)).toHaveLength(1);
    expect(differences('open', Number.NaN, null, 1e-5)).toEqual([]);
    expect(differences('name', 'ab', 'a', 1e-5)).toHaveLength(1);
    expect(differences('flag', true, false, 0)).toHaveLength(1);
  });
});
