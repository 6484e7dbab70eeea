import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { presetNames } from '../benchmark/presets.js';
import { type Claim, claimSchema } from './claim.js';
import { judge, type RunFacts, seedEffects } from './verdict.js';

const claim = (changes: Partial<Claim> = {}): Claim =>
  claimSchema.parse({
    id: 'H1',
    statement: 'The treatment is better.',
    source: 'Table 1',
    metric: 'score',
    unit: 'pp',
    better: 'higher',
    compare: ['new', 'old'],
    kind: 'superiority',
    ...changes,
  });

/** Arms whose paired differences are the given ones. */
const withDifferences = (differences: readonly number[]) => ({
  new: { score: differences.map((difference) => 10 + difference) },
  old: { score: differences.map(() => 10) },
});

const run = (seeds: number, changes: Partial<RunFacts> = {}): RunFacts => ({
  seeds: Array.from({ length: seeds }, (_, index) => index + 1),
  preset: 'standard',
  ...changes,
});

const verdictOf = (changes: Partial<Claim>, differences: readonly number[]) =>
  judge(claim(changes), withDifferences(differences), run(differences.length)).verdict;

// t(0.975, 2) = 4.302653: differences 1, 2, 3 have mean 2, standard deviation 1, half width 4.302653 / √3 = 2.484138.
const wide = [1, 2, 3];
// t(0.975, 3) = 3.182446: mean 2.25, standard deviation 0.288675, half width 3.182446 · 0.288675 / 2 = 0.459346.
const narrow = [2, 2, 2.5, 2.5];

describe('judge', () => {
  it('computes the effect and its t interval from paired differences', () => {
    const result = judge(claim(), withDifferences(wide), run(3));
    expect(result).toMatchObject({ id: 'H1', effect: 2, n: 3, verdict: 'inconclusive' });
    expect(result.reason).toBeUndefined();
    expect(result.ci95![0]).toBeCloseTo(-0.484138, 5);
    expect(result.ci95![1]).toBeCloseTo(4.484138, 5);
    const [low, high] = judge(claim(), withDifferences(narrow), run(4)).ci95!;
    expect(low).toBeCloseTo(1.790654, 5);
    expect(high).toBeCloseTo(2.709346, 5);
  });

  it('pairs by seed: what all arms of a seed share does not widen the interval', () => {
    const arms = { new: { score: [52, 12.1, 91.9] }, old: { score: [50, 10, 90] } };
    expect(judge(claim(), arms, run(3)).ci95![1]).toBeLessThan(2.5);
  });

  it.each([
    ['superiority', 'higher', 0, narrow, 'supported'],
    ['superiority', 'higher', 1.7, narrow, 'supported'],
    ['superiority', 'higher', 1.8, narrow, 'inconclusive'],
    ['superiority', 'higher', 2.6, narrow, 'inconclusive'],
    ['superiority', 'higher', 2.8, narrow, 'contradicted'],
    ['superiority', 'lower', 0, narrow, 'contradicted'],
    ['superiority', 'lower', 1.7, narrow.map((d) => -d), 'supported'],
    ['superiority', 'lower', 1.8, narrow.map((d) => -d), 'inconclusive'],
    ['superiority', 'higher', 0, wide, 'inconclusive'],
    ['nonInferiority', 'higher', 0.5, wide, 'supported'],
    ['nonInferiority', 'higher', 0.4, wide, 'inconclusive'],
    ['nonInferiority', 'higher', 1.7, narrow.map((d) => -d), 'contradicted'],
    ['nonInferiority', 'higher', 2.8, narrow.map((d) => -d), 'supported'],
    ['nonInferiority', 'lower', 1.7, narrow, 'contradicted'],
    ['nonInferiority', 'lower', 2.8, narrow, 'supported'],
    ['equivalence', 'higher', 2.8, narrow, 'supported'],
    ['equivalence', 'lower', 2.8, narrow, 'supported'],
    ['equivalence', 'higher', 2.7, narrow, 'inconclusive'],
    ['equivalence', 'higher', 1.7, narrow, 'contradicted'],
    ['equivalence', 'lower', 1.7, narrow.map((d) => -d), 'contradicted'],
  ] as const)('%s, better %s, margin %d of %j: %s', (kind, better, margin, differences, verdict) => {
    expect(verdictOf({ kind, better, margin }, differences)).toBe(verdict);
  });

  it('takes the slope over the arms in order as the effect of a trend', () => {
    // Least squares over x = 0, 1, 2: (last − first) / 2, so 1, 1.5 and 2.
    const arms = { a: { score: [0, 0, 0] }, b: { score: [9, 0, -9] }, c: { score: [2, 3, 4] } };
    const trend = claim({ kind: 'trend', compare: ['a', 'b', 'c'] });
    const result = judge(trend, arms, run(3));
    expect(result.effect).toBeCloseTo(1.5, 12);
    // Standard deviation 0.5, half width 4.302653 · 0.5 / √3.
    expect(result.ci95![0]).toBeCloseTo(1.5 - 1.242069, 5);
    expect(result.verdict).toBe('supported');
    expect(judge({ ...trend, margin: 0.5 }, arms, run(3)).verdict).toBe('inconclusive');
    expect(judge({ ...trend, better: 'lower' }, arms, run(3)).verdict).toBe('contradicted');
    expect(judge({ ...trend, compare: ['c', 'b', 'a'] }, arms, run(3)).verdict).toBe('contradicted');
    expect(judge({ ...trend, compare: ['c', 'b', 'a'], margin: -3 }, arms, run(3)).verdict).toBe('supported');
  });

  it('asks of an exact claim that every seed has equal values, and gives no interval', () => {
    const exact = claim({ kind: 'exact', compare: ['a', 'b', 'c'] });
    const arms = (c: number) => ({ a: { score: [1, 2] }, b: { score: [1, 2] }, c: { score: [1, c] } });
    expect(judge(exact, arms(2), run(2))).toMatchObject({ effect: 0, ci95: null, n: 2, verdict: 'supported' });
    const contradicted = judge(exact, arms(2.25), run(2));
    expect(contradicted).toMatchObject({ effect: 0.25, ci95: null, verdict: 'contradicted' });
  });

  it('bootstraps the same interval every time, inside the differences', () => {
    const bootstrap = claim({ method: 'bootstrap' });
    const first = judge(bootstrap, withDifferences(wide), run(3));
    expect(first.ci95).toEqual(judge(bootstrap, withDifferences(wide), run(3)).ci95);
    expect(first.ci95![0]).toBeGreaterThanOrEqual(1);
    expect(first.ci95![1]).toBeLessThanOrEqual(3);
    expect(first.verdict).toBe('supported');
  });

  it.each([
    [{ preset: 'quick' }, 3, /quick preset/],
    [{ preset: 'smoke' }, 3, /smoke preset/],
    [{ partial: true }, 3, /stopped early/],
    [{}, 1, /one seed/],
  ] as const)('gives an effect but no verdict for %j with %d seeds', (changes, n, reason) => {
    const result = judge(claim(), withDifferences(narrow.slice(0, n)), run(n, changes));
    expect(result.verdict).toBeNull();
    expect(result.effect).toBeGreaterThan(1);
    expect(result.reason).toMatch(reason);
  });

  it('says which value is missing', () => {
    const arms = { new: { score: [1, null, 3] }, old: { other: [1, 1, 1] } };
    const reason = (changes: Partial<Claim>, seeds = 3) => {
      const result = judge(claim(changes), arms, run(seeds));
      expect(result).toMatchObject({ effect: null, ci95: null, n: 0, verdict: null });
      return result.reason;
    };
    expect(reason({})).toBe('seed 2 has no score of arm new');
    expect(reason({ compare: ['old', 'new'] })).toBe('arm old reports no score');
    expect(reason({ compare: ['gone', 'new'] })).toBe('the run has no arm gone');
    expect(reason({}, 0)).toBe('no seed was finished');
  });

  it('never supports and contradicts by the order of arms or of seeds (property)', () => {
    const differences = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 8 });
    const opposite = { supported: 'contradicted', contradicted: 'supported', inconclusive: 'inconclusive' } as const;
    fc.assert(
      fc.property(differences, (d) => {
        const verdict = verdictOf({}, d);
        expect(verdictOf({}, [...d].reverse())).toBe(verdict);
        expect(
          verdictOf(
            {},
            d.map((each) => -each),
          ),
        ).toBe(verdict && opposite[verdict]);
      }),
    );
  });

  it('knows every preset', () => {
    const withVerdict = presetNames.filter(
      (preset) => judge(claim(), withDifferences(narrow), run(4, { preset })).verdict,
    );
    expect(withVerdict).toEqual(['standard', 'study', 'paper']);
  });
});

describe('seedEffects', () => {
  it('has the effect of a claim as its mean, seed by seed', () => {
    expect(seedEffects(claim(), withDifferences(wide), [1, 2, 3])).toEqual(wide);
    const trend = claim({ kind: 'trend', compare: ['a', 'b', 'c'] });
    const arms = { a: { score: [0, 0, 0] }, b: { score: [9, 0, -9] }, c: { score: [2, 3, 4] } };
    expect(seedEffects(trend, arms, [1, 2, 3])).toEqual([1, 1.5, 2]);
  });

  it('is empty where an arm, a metric or a value is missing', () => {
    const arms = { new: { score: [1, null] }, old: { score: [0, 0] } };
    expect(seedEffects(claim(), arms, [1, 2])).toEqual([]);
    expect(seedEffects(claim({ compare: ['old', 'gone'] }), arms, [1, 2])).toEqual([]);
    expect(seedEffects(claim({ metric: 'other' }), arms, [1, 2])).toEqual([]);
  });
});

describe('claimSchema', () => {
  const fields = { ...claim() };
  it.each([
    [{ compare: ['new'] }, /compare/],
    [{ compare: ['new', 'new'] }, /names an arm twice/],
    [{ compare: ['a', 'b', 'c'] }, /expected \[treatment, control\]/],
    [{ kind: 'equivalence', margin: 0 }, /margin above 0/],
    [{ margin: -0.1 }, /expected 0 or more for superiority/],
    [{ kind: 'better' }, /kind/],
    [{ better: 'more' }, /better/],
    [{ id: '1' }, /short id/],
    [{ surplus: 1 }, /surplus/],
  ])('refuses %j', (changes, message) => {
    const parsed = claimSchema.safeParse({ ...fields, ...changes });
    expect(parsed.success).toBe(false);
    expect(String(parsed.error)).toMatch(message);
  });

  it('takes a tolerated fall as a margin below 0 of a trend only', () => {
    expect(claimSchema.parse({ ...fields, kind: 'trend', compare: ['a', 'b', 'c'], margin: -0.1 }).margin).toBe(-0.1);
  });
});
