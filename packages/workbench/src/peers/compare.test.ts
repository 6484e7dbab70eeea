import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePairs, median, type Pair, timeRatio } from './compare.js';
import type { PeerWork } from './declaration.js';
import { PeerRunError } from './errors.js';
import { mergePeerRows, type PeerRow, peersSchema } from './peers-file.js';

const work = (unit = 'ms'): PeerWork => ({
  work: 'step',
  what: 'a step',
  unit,
  ours: ['node'],
  theirs: ['peer.py'],
  pairs: 5,
  threads: 2,
  folder: '/package',
  python: { requirements: '/package/requirements.txt' },
});
const machine = { platform: 'linux x64', cpu: 'made up', cores: 2, memoryBytes: 1e9 };
const pair = (ours: number, theirs: number, { unit = 'ms', version = 'cpu 1.0', peerVersion = '2.0' } = {}): Pair => {
  const common = { work: 'step', unit, threads: 2 };
  return {
    ours: { ...common, peer: 'us', version, median: ours, peakRssBytes: ours * 10 },
    theirs: { ...common, peer: 'torch', version: peerVersion, median: theirs, peakRssBytes: theirs * 10 },
  };
};

describe('median', () => {
  it('is in the middle, and leaves its argument as it is', () => {
    const values = [5, 1, 3];
    expect(median(values)).toBe(3);
    expect(values).toEqual([5, 1, 3]);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(median([7])).toBe(7);
  });

  it('has as many values on either side', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const middle = median(values);
        const half = values.length / 2;
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(half);
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(half);
      }),
    );
  });
});

it('is a ratio of times also where a rate is measured', () => {
  expect(timeRatio(pair(20, 40))).toBe(0.5);
  expect(timeRatio(pair(20, 40, { unit: 'Gcodes/s' }))).toBe(2);
});

describe('comparePairs', () => {
  it('takes the median of the ratios, not the ratio of the medians; memory is the largest', () => {
    // Ratios 0.1, 2, 3; medians 30 and 20.
    const row = comparePairs(work(), [pair(10, 100), pair(40, 20), pair(30, 10)], machine);
    expect(row).toMatchObject({ ours: 30, theirs: 20, ratio: 2, ratioMin: 0.1, ratioMax: 3, pairs: 3 });
    expect(row).toMatchObject({ oursPeakRssBytes: 400, theirsPeakRssBytes: 1000 });
    expect(row).toMatchObject({ engine: { name: 'cpu', version: '1.0' }, peer: 'torch', peerVersion: '2.0' });
  });

  it('follows the schema, whatever was measured', () => {
    const size = fc.double({ min: 1e-3, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 9 }), (measured) => {
        const pairs = measured.map(([ours, theirs]) => pair(ours, theirs));
        const { success, error } = peersSchema.safeParse({ schema: 1, rows: [comparePairs(work(), pairs, machine)] });
        expect({ success, error }).toEqual({ success: true, error: undefined });
      }),
    );
  });

  it.each([
    [[pair(1, 1), pair(1, 1, { version: 'wasm 1.0' })], /our engine changed .* cpu 1\.0, wasm 1\.0/],
    [[pair(1, 1), pair(1, 1, { peerVersion: '2.1' })], /the peer's version changed .* 2\.0, 2\.1/],
    [[pair(1, 1, { version: '1.0' })], /expected name and version of the engine as version, got '1\.0'/],
  ])('refuses runs that do not belong together (%#)', (pairs, message) => {
    expect(() => comparePairs(work(), pairs, machine)).toThrow(PeerRunError);
    expect(() => comparePairs(work(), pairs, machine)).toThrow(message);
  });
});

describe('peers.json', () => {
  const row = (name: string, ratio = 1): PeerRow => ({
    ...comparePairs(work(), [pair(ratio, 1)], machine),
    work: name,
  });

  it('replaces only the rows that were run', () => {
    const merged = mergePeerRows([row('c', 3), row('b', 2)], [row('b', 5), row('a', 7)]);
    expect(merged.map((each) => [each.work, each.ratio])).toEqual([
      ['a', 7],
      ['b', 5],
      ['c', 3],
    ]);
  });

  it.each([
    [{ schema: 1, rows: [row('a'), row('a')] }, 'rows.1.work'],
    [{ schema: 1, rows: [{ ...row('a'), ratio: 9 }] }, 'rows.0.ratio'],
    [{ schema: 1, rows: [{ ...row('a'), ours: 0 }] }, 'rows.0.ours'],
    [{ schema: 1, rows: [{ ...row('a'), date: 'today' }] }, 'rows.0'],
    [{ schema: 2, rows: [] }, 'schema'],
  ])('does not take what cannot be (%#)', (content, path) => {
    const { error } = peersSchema.safeParse(content);
    expect(error?.issues[0]?.path.join('.')).toBe(path);
  });
});
