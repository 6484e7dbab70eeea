import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { comparePairs, median, timeRatio } from './compare.js';
import type { PeerWork } from './declaration.js';
import { type Measurement, parseMeasurement } from './measurement.js';
import { addToPeersFile, mergePeerRows, readPeersFile } from './peers-file.js';

const folder = temporaryFolder();
const work = { work: 'step', what: 'A step', unit: 'ms', threads: 2, pairs: 3 } as unknown as PeerWork;
const machine = { platform: 'linux x64', cpu: 'a cpu', cores: 2, memoryBytes: 1e9 };

const measured = (peer: string, value: number, bytes = 100): Measurement => ({
  ...{ peer, version: peer === 'torch' ? '2.13.0' : 'tensorflow 2.18.1', work: 'step', unit: 'ms' },
  ...{ median: value, threads: 2, peakRssBytes: bytes },
});
const pair = (ours: number, theirs: number) => ({
  ours: measured('ours', ours),
  theirs: measured('torch', theirs, 50),
});

describe('comparePairs', () => {
  it('takes the median of the pairs, not the ratio of the medians', () => {
    const row = comparePairs(work, [pair(10, 20), pair(30, 10), pair(12, 16)], machine);
    expect(row).toMatchObject({ ratio: 0.75, ratioMin: 0.5, ratioMax: 3, ours: 12, theirs: 16, pairs: 3 });
    expect(row).toMatchObject({
      engine: { name: 'tensorflow', version: '2.18.1' },
      peer: 'torch',
      peerVersion: '2.13.0',
    });
    expect([row.oursPeakRssBytes, row.theirsPeakRssBytes]).toEqual([100, 50]);
  });

  it('turns a rate into a time first', () => {
    const rate = (value: number) => ({ ...measured('ours', value), unit: 'images/s' });
    expect(timeRatio({ ours: rate(20), theirs: rate(10) })).toBe(0.5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('refuses pairs of two versions', () => {
    const other = { ours: measured('ours', 1), theirs: { ...measured('torch', 1), version: '2.14' } };
    expect(() => comparePairs(work, [pair(1, 1), other], machine)).toThrow(/version changed/);
  });
});

describe('parseMeasurement', () => {
  it('finds the line, whatever else was printed', () => {
    const text = `warming up\n${JSON.stringify(measured('ours', 3))}\nbye\n`;
    expect(parseMeasurement('ours', text, work).median).toBe(3);
  });

  it.each([
    ['nothing', 'printed no measurement'],
    ['{"peer": 1', 'no JSON'],
    ['{"peer": "x"}', 'not one'],
    [JSON.stringify({ ...measured('ours', 3), work: 'else' }), 'measured else'],
    [JSON.stringify({ ...measured('ours', 3), unit: 's' }), 'expected ms'],
    [JSON.stringify({ ...measured('ours', 3), threads: 1 }), 'expected 2'],
  ])('refuses %s', (text, message) => {
    expect(() => parseMeasurement('ours', text, work)).toThrow(message);
  });
});

describe('the file of comparisons', () => {
  const row = (name: string, value: number) => comparePairs({ ...work, work: name }, [pair(value, 10)], machine);

  it('replaces the rows that were made and keeps the others', () => {
    const merged = mergePeerRows([row('b', 1), row('a', 2)], [row('b', 3)]);
    expect(merged.map(({ work: name, ours }) => [name, ours])).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
    const file = join(folder(), 'peers.json');
    expect(readPeersFile(file).rows).toEqual([]);
    addToPeersFile(file, [row('a', 2)]);
    addToPeersFile(file, [row('b', 4)]);
    expect(readPeersFile(file).rows.map(({ work: name }) => name)).toEqual(['a', 'b']);
  });

  it('refuses what is no file of comparisons', () => {
    const file = join(folder(), 'peers.json');
    writeFileSync(file, JSON.stringify({ schema: 1, rows: [{ ...row('a', 2), ratio: 99 }] }));
    expect(() => readPeersFile(file)).toThrow(/ratioMin/);
  });
});
