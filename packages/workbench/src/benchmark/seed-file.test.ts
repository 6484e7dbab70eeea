import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { outcome } from '../../test/make-benchmark.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { reusableSeed, type SeedFile, type SeedKey, seedPath, writeSeed } from './seed-file.js';

const folder = temporaryFolder();

const key: SeedKey = {
  paper: 'made-up',
  preset: 'quick',
  source: 'hash',
  config: { a: 1, b: [2] },
  engine: { name: 'cpu', version: '1', threads: 1 },
};
const kept: SeedFile = {
  key,
  seed: 3,
  outcome: outcome(1),
  startedAt: 0,
  endedAt: 1,
  peakRssBytes: 1,
  commit: null,
  surroundings: {},
};

describe('a kept seed', () => {
  function reuse(changes: Partial<SeedKey>, seed = 3) {
    const said: string[] = [];
    const found = reusableSeed(folder(), { ...key, ...changes }, seed, (line) => said.push(line));
    return { found, said };
  }

  it('is used again under the same key, whatever the order of its fields', () => {
    writeSeed(folder(), kept);
    expect(reuse({ config: { b: [2], a: 1 } })).toEqual({ found: kept, said: [] });
    expect(reuse({}, 4)).toEqual({ found: undefined, said: [] });
  });

  it.each([
    ['source', 'other'],
    ['preset', 'standard'],
    ['config', { a: 1, b: [3] }],
    ['engine', { name: 'cpu', version: '2', threads: 1 }],
    ['engine', { name: 'cpu', version: '1', threads: 2 }],
    ['engine', { name: 'wasm', version: '1', threads: 1 }],
  ] as const)('is not used when %s is %j', (field, value) => {
    writeSeed(folder(), kept);
    expect(reuse({ [field]: value })).toEqual({
      found: undefined,
      said: [`seed 3 runs again: ${field} changed since it was kept`],
    });
  });

  it.each(['', '{"schema": 1', '[]', '{"schema": 1}'])('is not used when it is damaged: %s', (text) => {
    const path = seedPath(folder(), 'made-up', 3);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    const { found, said } = reuse({});
    expect(found).toBeUndefined();
    expect(said[0]).toMatch(/^seed 3 runs again: .*3\.json/);
  });

  it('is not used when it is that of another seed, or of another version', () => {
    writeSeed(folder(), { ...kept, seed: 4 });
    const [three, four] = [3, 4].map((seed) => seedPath(folder(), 'made-up', seed)) as [string, string];
    writeFileSync(three, readFileSync(four));
    expect(reuse({}).said[0]).toMatch(/^seed 3 runs again: .*3\.json holds seed 4$/);
    const { sha256: _, ...old } = JSON.parse(readFileSync(four, 'utf8'));
    writeFileSync(four, JSON.stringify({ ...old, schema: 1 }));
    expect(reuse({}, 4)).toEqual({
      found: undefined,
      said: [expect.stringMatching(/4\.json: kept by another version .*\(schema 1, expected 2\); run the seed again$/)],
    });
  });

  it('is not used with a single bit flipped or its end cut off, unless it still says the same', () => {
    writeSeed(folder(), kept);
    const path = seedPath(folder(), 'made-up', 3);
    const whole = readFileSync(path);
    const survivors: string[] = [];
    const tryWith = (what: string, bytes: Buffer) => {
      writeFileSync(path, bytes);
      const { found } = reuse({});
      if (found === undefined) return;
      survivors.push(what);
      expect([what, found]).toEqual([what, kept]);
    };
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      tryWith(`bit ${bit}`, flipped);
    }
    // Only the line break at the end can become another blank, or go.
    expect(survivors.every((what) => Number(what.slice(4)) >= (whole.length - 1) * 8)).toBe(true);
    survivors.length = 0;
    for (let length = 0; length < whole.length; length++) tryWith(`length ${length}`, whole.subarray(0, length));
    expect(survivors).toEqual([`length ${whole.length - 1}`]);
  });
});
