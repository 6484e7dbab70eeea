import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { outcome } from '../../test/make-benchmark.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { lockFolder } from './folder-lock.js';
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
  schema: 1,
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
});

describe('lockFolder', () => {
  const file = () => join(folder(), '.seeds', 'run.lock');
  const leaveLock = (text: string) => {
    mkdirSync(join(folder(), '.seeds'), { recursive: true });
    writeFileSync(file(), text);
  };

  it('keeps others out until it is released', () => {
    leaveLock(JSON.stringify({ pid: process.ppid, host: hostname() }));
    expect(() => lockFolder(folder())).toThrow(expect.objectContaining({ code: 'papers/folder-in-use' }));
    expect(() => lockFolder(folder())).toThrow(new RegExp(`process ${process.ppid} on`));
  });

  it('believes a lock of another machine', () => {
    leaveLock(JSON.stringify({ pid: 1, host: `not-${hostname()}` }));
    expect(() => lockFolder(folder())).toThrow(/in use/);
  });

  it('takes over what a dead process or a killed writer left', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    for (const text of [JSON.stringify({ pid, host: hostname() }), '', '{"pid": ']) {
      leaveLock(text);
      const release = lockFolder(folder());
      expect(existsSync(file())).toBe(true);
      release();
      expect(existsSync(file())).toBe(false);
    }
  });

  it('says which folder cannot be written', () => {
    writeFileSync(join(folder(), 'file'), '');
    expect(() => lockFolder(join(folder(), 'file'))).toThrow(/file cannot be written \(E/);
  });
});
