import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type GoldenCalls, type GoldenCase, goldenDifferences, goldenSuite } from './golden.mjs';

let folder: string;
const outside = process.env.GOLDEN_CASES;
const golden: GoldenCase = {
  name: 'twice three',
  fn: 'twice',
  inputs: { x: 3 },
  options: { offset: null },
  expected: { value: 6 },
  tolerance: 1e-6,
};
const twice = ({ x }: { x: number }, { offset = 0 }: { offset?: number }) => ({ value: () => 2 * x + offset });
const calls: GoldenCalls = { twice };

const file = (cases: unknown, name = 'golden.json') => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(cases));
  return path;
};
const suite = (cases: unknown, options: Partial<Parameters<typeof goldenSuite>[0]> = {}) =>
  goldenSuite({ fixture: file(cases), calls, ...options });
const check = (given: Partial<GoldenCase>, own: GoldenCalls = calls) =>
  suite([golden], { calls: own }).check({ ...golden, ...given });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'));
  delete process.env.GOLDEN_CASES;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  delete process.env.GOLDEN_CASES;
  if (outside !== undefined) process.env.GOLDEN_CASES = outside;
});

describe('a suite of golden cases', () => {
  it('has the cases of the fixture and finds nothing when each is mapped', () => {
    const { cases, findings, title } = suite([golden]);
    expect(cases).toEqual([golden]);
    expect(findings).toEqual([]);
    expect(title).toBe('golden cases of the fixture');
  });

  it('leaves out pending cases', () => {
    const { cases, findings } = suite([golden, { ...golden, fn: 'thrice' }], { pending: ['thrice'] });
    expect(cases).toEqual([golden]);
    expect(findings).toEqual([]);
  });

  it('finds a function that is neither mapped nor pending, also where every object has such a field', () => {
    for (const fn of ['thrice', 'toString']) {
      expect(suite([golden, { ...golden, fn }, { ...golden, fn }]).findings).toEqual([
        expect.stringContaining(`unknown fn '${fn}'`),
      ]);
    }
  });

  it('finds a pending function without a case, and one that is mapped', () => {
    expect(suite([golden], { pending: ['thrice'] }).findings).toEqual([expect.stringContaining('no case')]);
    expect(suite([golden], { pending: ['twice'] }).findings).toEqual([expect.stringContaining('mapped to a call')]);
  });

  it('finds a call that no case asks for', () => {
    expect(suite([golden], { calls: { ...calls, thrice: twice } }).findings).toEqual([
      expect.stringContaining("'thrice' is mapped"),
    ]);
  });

  it('runs the cases of GOLDEN_CASES in place of its own, and says so', () => {
    process.env.GOLDEN_CASES = file([{ ...golden, name: 'other' }], 'other.json');
    const { cases, fixture, title, findings } = suite([golden, { ...golden, fn: 'thrice' }], { pending: ['thrice'] });
    expect(cases.map(({ name }) => name)).toEqual(['other']);
    expect(fixture).toHaveLength(2);
    expect(title).toMatch(/GOLDEN_CASES/);
    expect(findings).toEqual([]);
    process.env.GOLDEN_CASES = file([{ ...golden, fn: 'four times' }], 'other.json');
    expect(suite([golden]).findings).toHaveLength(1);
  });

  it('refuses a file that is no list of cases', () => {
    const { tolerance: _, ...noTolerance } = golden;
    for (const cases of [{}, [], [null], [noTolerance], [{ ...golden, expected: {} }], [{ ...golden, fn: 1 }]]) {
      expect(() => suite(cases)).toThrow(/golden\.json/);
    }
  });
});

describe('the check of a case', () => {
  it('finds nothing where the answers are right, from a promise too', async () => {
    expect(await check({})).toEqual([]);
    expect(await check({}, { twice: async () => ({ value: 6 }) })).toEqual([]);
    expect(await check({}, { twice: async () => ({ value: 5 }) })).toHaveLength(1);
  });

  it('fails on a wrong value, an unknown function and a question that no call answers', async () => {
    expect(await check({ expected: { value: 7 } })).toEqual([expect.stringMatching(/^value: expected 7 .*got 6$/)]);
    expect(await check({ fn: 'toString' })).toEqual([expect.stringContaining('unknown fn')]);
    expect(await check({ expected: { half: null } })).toEqual([expect.stringContaining("no answer to 'half'")]);
    expect(await check({ expected: { toString: null } as never })).toEqual([
      expect.stringContaining("no answer to 'toString'"),
    ]);
  });

  it('leaves out options that are null, but not those whose null is a value', async () => {
    const own: GoldenCalls = { twice: (_: object, options: object) => ({ given: Object.keys(options) }) };
    const options = { offset: null, threshold: null, k: 0 };
    const expected = (given: string[]) => ({ ...golden, options, expected: { given } });
    expect(await suite([golden], { calls: own }).check(expected(['k']))).toEqual([]);
    const kept = suite([golden], { calls: own, keepNull: ['threshold'] });
    expect(await kept.check(expected(['threshold', 'k']))).toEqual([]);
    expect(await check({ options: null })).toEqual([]);
  });

  it('computes every answer inside tidy, and only those that are asked for', async () => {
    const log: string[] = [];
    const answer = (name: string) => () => log.push(name);
    const { check: run } = suite([golden], {
      calls: { twice: () => ({ value: answer('value'), other: answer('other') }) },
      tidy: (work) => {
        log.push('start');
        const got = work();
        log.push('end');
        return got;
      },
    });
    await run(golden);
    expect(log).toEqual(['start', 'value', 'end']);
  });
});

describe('the comparison', () => {
  const isSame = (got: unknown, expected: unknown, tolerance = 1e-5) =>
    goldenDifferences('here', got, expected, tolerance).length === 0;

  it('compares numbers within the tolerance, relative above 1', () => {
    expect(isSame(1.000001, 1)).toBe(true);
    expect(isSame(1.001, 1)).toBe(false);
    expect(isSame(2000.01, 2000)).toBe(true);
    expect(isSame(0.100008, 0.1)).toBe(true);
    expect(isSame(0.00002, 0)).toBe(false);
    expect(isSame(-1, 1)).toBe(false);
    expect(isSame(true, 1, 0)).toBe(true);
    expect(isSame(0, true, 0)).toBe(false);
  });

  it('takes nothing else for a number', () => {
    for (const got of [Number.NaN, undefined, null, '0', [], [0]]) expect(isSame(got, 0, 1)).toBe(false);
    expect(isSame(Number.POSITIVE_INFINITY, 0, 1)).toBe(false);
  });

  it('takes null for undefined: no number may stand there', () => {
    for (const got of [Number.NaN, undefined, null]) expect(isSame(got, null)).toBe(true);
    for (const got of [0, Number.POSITIVE_INFINITY, false, '', []]) expect(isSame(got, null)).toBe(false);
    expect(isSame([1, Number.NaN], [1, null])).toBe(true);
    expect(isSame([1, 2], [1, null])).toBe(false);
    expect(isSame({ a: 1 }, { a: 1, b: null })).toBe(true);
    expect(isSame({ a: 1, b: 2 }, { a: 1, b: null })).toBe(false);
  });

  it('compares nested lists, typed arrays and objects entry by entry', () => {
    expect(isSame([[1, 2], [3]], [[1, 2], [3]])).toBe(true);
    expect(isSame([[1, 2], [4]], [[1, 2], [3]])).toBe(false);
    expect(isSame([1, 2], [1])).toBe(false);
    expect(isSame(1, [1])).toBe(false);
    expect(isSame(Int32Array.of(1, 2), [1, 2])).toBe(true);
    expect(isSame([{ t: 1, kind: 'label' }], [{ t: 1, kind: 'label' }])).toBe(true);
    expect(isSame([{ t: 1, kind: 'other' }], [{ t: 1, kind: 'label' }])).toBe(false);
    expect(isSame({ t: 1 }, { t: 1, pool: 0 })).toBe(false);
    expect(isSame(1, { t: 1 })).toBe(false);
    expect(isSame(undefined, { t: null })).toBe(false);
  });

  it('compares texts as they are', () => {
    expect(isSame('label', 'label')).toBe(true);
    expect(isSame('labels', 'label')).toBe(false);
    expect(isSame(1, '1')).toBe(false);
  });

  it('says where the difference is', () => {
    expect(goldenDifferences('rows', [[1, 2]], [[1, 3]], 1e-5)).toEqual(['rows[0][1]: expected 3 ± 0.00001, got 2']);
  });
});
