import { describe, expect, it } from '@jest/globals';
import { makeBenchmark } from '../../test/make-benchmark.js';
import type { AnyBenchmark } from './define.js';
import { checkOutcome } from './outcome.js';
import { wallSeconds } from './wall-seconds.js';

describe('defineBenchmark', () => {
  it.each([
    [{ paper: '' }, /name of the paper/],
    [{ arms: {} }, /at least one arm/],
    [{ presets: {} }, /at least one preset/],
    [{ presets: { quik: { seeds: 1, config: {} } } as never }, /unknown preset 'quik' \(did you mean 'quick'\?\)/],
    [{ presets: { quick: { seeds: 0, config: {} } } }, /number of seeds from 1 on, got 0/],
    [{ presets: { quick: { seeds: 1.5, config: {} } } }, /got 1.5/],
    [{ presets: { quick: { seeds: 1, config: { f: () => 1 } } } }, /plain JSON/],
    [{ presets: { quick: { seeds: 1, config: Number.NaN } } }, /plain JSON/],
    [{ figures: undefined as never }, /a function figures/],
  ] satisfies [Partial<AnyBenchmark>, RegExp][])('refuses %j', (changes, message) => {
    expect(() => makeBenchmark(changes)).toThrow(message);
    expect(() => makeBenchmark(changes)).toThrow(expect.objectContaining({ code: 'papers/benchmark-contract' }));
  });
});

describe('checkOutcome', () => {
  const series = { name: 's', x: { label: 'x' }, y: { label: 'y' }, points: [[0, 1]] };
  const good = { arms: { a: { m: 1 } }, data: [{ id: 'd', sha256: 'a'.repeat(64) }], series: [series], artifacts: [1] };

  it('keeps a good outcome as it is', () => {
    expect(checkOutcome(good, ['a', 'b'])).toEqual(good);
  });

  it.each([
    [undefined, /field the whole value/],
    [{ data: [] }, /field arms/],
    [{ ...good, arms: { a: { m: '1' } } }, /field arms\.a\.m/],
    [{ ...good, arms: { a: 1 } }, /field arms\.a/],
    [{ ...good, arms: { aa: { m: 1 } } }, /unknown arm 'aa' \(did you mean 'a'\?\)/],
    [{ ...good, data: [{ id: 'd', sha256: 'short' }] }, /field data\.0\.sha256/],
    [{ ...good, series: [{ ...series, points: [[0]] }] }, /field series\.0\.points\.0/],
    [{ ...good, artifacts: { f: new Map() } }, /field artifacts/],
    [{ ...good, extra: 1 }, /extra/],
  ])('names the field of a bad one (%#)', (value, message) => {
    expect(() => checkOutcome(value, ['a'])).toThrow(message);
  });

  it('turns what JSON lacks into null and says so', () => {
    const bad = {
      ...good,
      arms: { a: { m: Number.NaN, k: 1 } },
      series: [{ ...series, points: [[0, Number.POSITIVE_INFINITY]] }],
      notes: ['first'],
    };
    const checked = checkOutcome(bad, ['a']);
    expect(checked.arms).toEqual({ a: { m: null, k: 1 } });
    expect(checked.series![0]!.points).toEqual([[0, null]]);
    expect(checked.notes).toEqual(['first', 'm of arm a is NaN; kept as null', 's at 0 is Infinity; kept as null']);
  });
});

it('counts seconds in which several seeds ran side by side once', () => {
  const interval = (startedAt: number, endedAt: number) => ({ startedAt, endedAt });
  expect(wallSeconds([])).toBe(0);
  expect(wallSeconds([interval(5000, 7000), interval(0, 1000), interval(500, 2000), interval(600, 700)])).toBe(4);
});
