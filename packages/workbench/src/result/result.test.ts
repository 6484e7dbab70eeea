import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { makeBenchmark, makeRun, outcome } from '../../test/make-benchmark.js';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { claimSchema } from '../claims/claim.js';
import { commonSurroundings } from './common-surroundings.js';
import { assertWritableFile, assertWritableFolder, readResult, writeAtomically, writeResult } from './files.js';
import { makeFolder } from './make-folder.js';
import { mergeArms, mergeSeeds } from './merge.js';
import { type Result, resultJsonSchema, resultSchema } from './schema.js';
import { gitCommit, sourceHash } from './source.js';
import { surroundings } from './surroundings.js';

const folder = temporaryFolder();

const claim = claimSchema.parse({
  id: 'H1',
  statement: 'Better.',
  source: 'Table 1',
  metric: 'score',
  unit: 'pp',
  better: 'higher',
  compare: ['new', 'old'],
  kind: 'superiority',
  published: null,
});

const series = { name: 's', x: { label: 'x' }, y: { label: 'y' }, points: [[0, null] as [number, null]] };

const makeResult = (): Result =>
  mergeSeeds(
    makeBenchmark(),
    [
      { seed: 2, outcome: outcome(20, { series: [series] }) },
      { seed: 1, outcome: outcome(10) },
    ],
    makeRun({ claims: [claim], surroundings: surroundings() }),
  );

describe('mergeSeeds', () => {
  it('puts values side by side in the order of seeds, judges the claims and draws the figures', () => {
    const result = makeResult();
    expect(result.seeds).toEqual([1, 2]);
    expect(result.arms).toEqual({ old: { score: [10, 20] }, new: { score: [11, 21] } });
    expect(Object.keys(result.arms)).toEqual(['old', 'new']);
    expect(result.claims).toEqual([{ ...claim, effect: 1, ci95: [1, 1], n: 2, verdict: 'supported' }]);
    expect(result.figures[0]).toMatchObject({ bars: [{ label: '1' }, { label: '2' }] });
    expect(result.series).toEqual([{ seed: 2, ...series }]);
    expect(result.armInfo).toEqual({ old: 'the usual', new: 'the new' });
    expect(resultSchema.parse(result)).toEqual(result);
  });

  it('has null where a seed lacks an arm or a metric', () => {
    const without = { seed: 2, outcome: outcome(0, { arms: { new: { other: 5 } } }) };
    expect(mergeArms([{ seed: 1, outcome: outcome(1) }, without], ['new', 'old', 'never'])).toEqual({
      new: { score: [2, null], other: [null, 5] },
      old: { score: [1, null] },
    });
  });

  it('refuses seeds that ran on different data', () => {
    const other = outcome(1, { data: [{ id: 'set', sha256: 'b'.repeat(64) }] });
    const seeds = [
      { seed: 1, outcome: outcome(1) },
      { seed: 2, outcome: other },
    ];
    const merge = () => mergeSeeds(makeBenchmark(), seeds, makeRun());
    expect(merge).toThrow(expect.objectContaining({ code: 'papers/seeds-differ' }));
    expect(merge).toThrow(/set differs: sha256 a{64} in seed 1, b{64} in seed 2/);
  });

  it('says which seeds a remark is of, unless all make it', () => {
    const seeds = [1, 2, 3].map((seed) => ({
      seed,
      outcome: outcome(1, { notes: seed < 3 ? ['both', 'all'] : ['all'] }),
    }));
    expect(mergeSeeds(makeBenchmark(), seeds, makeRun({ notes: ['more'] })).notes).toEqual([
      'seeds 1, 2: both',
      'all',
      'more',
    ]);
  });

  it('makes a partial result without seeds, which follows the schema too', () => {
    const result = mergeSeeds(makeBenchmark(), [], makeRun({ partial: true, claims: [claim] }));
    expect(result).toMatchObject({ seeds: [], arms: {}, figures: [], partial: true });
    expect(result.claims[0]).toMatchObject({ verdict: null, reason: 'no seed was finished' });
    expect(resultSchema.safeParse(result).error).toBeUndefined();
  });

  it('names the field of a figure that is none', () => {
    const benchmark = makeBenchmark({ figures: () => [{ kind: 'pie' }] as never });
    expect(() => mergeSeeds(benchmark, [{ seed: 1, outcome: outcome(1) }], makeRun())).toThrow(
      /figures returned .*field 0\.kind/,
    );
  });
});

describe('resultSchema', () => {
  it.each([
    ['seeds', [2, 1], /ascending/],
    ['seeds', [1], /arms.*expected one value for each of 1 seeds, got 2/s],
    ['schema', 2, /schema/],
    ['preset', 'huge', /preset/],
    ['source', { hash: '' }, /hash/],
    ['wallSeconds', -1, /wallSeconds/],
    ['surplus', 1, /surplus/],
    ['data', [{ id: 'd', sha256: 'x' }], /sha256/],
  ])('refuses %s = %j', (field, value, message) => {
    const parsed = resultSchema.safeParse({ ...makeResult(), [field]: value });
    expect(parsed.success).toBe(false);
    expect(String(parsed.error)).toMatch(message);
  });

  it('refuses two figures of one id', () => {
    const result = makeResult();
    expect(
      String(resultSchema.safeParse({ ...result, figures: [...result.figures, ...result.figures] }).error),
    ).toMatch(/twice/);
  });

  it('does without what is optional', () => {
    const { tfjs: _, node: __, machine: ___, command: ____, armInfo: _____, ...needed } = makeResult();
    expect(resultSchema.safeParse(needed).error).toBeUndefined();
  });
});

describe('resultJsonSchema', () => {
  const fromJson = z.fromJSONSchema(JSON.parse(JSON.stringify(resultJsonSchema)));

  it('takes what a run produces and refuses what it does not', () => {
    const result = JSON.parse(JSON.stringify(makeResult()));
    expect(fromJson.safeParse(result).error).toBeUndefined();
    for (const field of ['schema', 'paper', 'engine', 'seeds', 'arms', 'claims', 'figures', 'source', 'partial']) {
      const { [field]: _, ...rest } = result;
      expect([field, fromJson.safeParse(rest).success]).toEqual([field, false]);
    }
    expect(fromJson.safeParse({ ...result, seeds: ['1'] }).success).toBe(false);
  });
});

describe('result files', () => {
  it('are read as they were written', () => {
    const file = join(folder(), 'deep', 'made-up.json');
    writeResult(file, makeResult());
    expect(readResult(file)).toEqual(makeResult());
    expect(readdirSync(dirname(file))).toEqual(['made-up.json']);
  });

  it('are not touched by a result that does not follow the schema', () => {
    const file = join(folder(), 'made-up.json');
    writeResult(file, makeResult());
    const before = readFileSync(file, 'utf8');
    expect(() => writeResult(file, { ...makeResult(), wallSeconds: Number.NaN })).toThrow(/field wallSeconds/);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.each([
    ['', /is empty/],
    ['{"paper": ', /is no JSON/],
    ['[]', /field the whole value/],
    ['{"schema": 1}', /field paper: .*\(and \d+ more\)/],
  ])('name file and field where they are bad: %s', (text, message) => {
    const file = join(folder(), 'bad.json');
    writeFileSync(file, text);
    expect(() => readResult(file)).toThrow(message);
    expect(() => readResult(file)).toThrow(file);
    expect(() => readResult(join(folder(), 'none.json'))).toThrow(/cannot be read/);
  });

  it('leave nothing behind where they cannot be written', () => {
    mkdirSync(join(folder(), 'taken.json'));
    expect(() => writeAtomically(join(folder(), 'taken.json'), 'x')).toThrow(
      expect.objectContaining({ code: 'papers/unwritable-output' }),
    );
    expect(readdirSync(folder())).toEqual(['taken.json']);
  });

  it('are asked for a place before a run', () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    assertWritableFolder(join(folder(), 'a', 'b'), '--out');
    assertWritableFile(file, '--json');
    expect(readdirSync(join(folder(), 'a', 'b'))).toEqual([]);
    expect(() => assertWritableFolder(join(file, 'below'), '--out')).toThrow(/--out: .*below cannot be written \(E/);
    expect(() => assertWritableFile(folder(), '--json')).toThrow(/is a folder/);
  });
});

describe('sourceHash', () => {
  function makePackage(name: string, files: Record<string, string>, dependencies: string[] = []) {
    const root = join(folder(), name);
    const manifest = {
      name: `@tensor-papers/${name}`,
      dependencies: Object.fromEntries(dependencies.map((each) => [`@tensor-papers/${each}`, 'workspace:*'])),
    };
    for (const [path, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    for (const each of dependencies) {
      mkdirSync(join(root, 'node_modules', '@tensor-papers'), { recursive: true });
      symlinkSync(join(folder(), each), join(root, 'node_modules', '@tensor-papers', each));
    }
    return root;
  }

  it('changes with every source of the package and of what it depends on, and with nothing else', () => {
    makePackage('base', { 'src/a.ts': '1' });
    makePackage('middle', { 'src/a.ts': '1' }, ['base']);
    const root = makePackage('top', { 'src/a.ts': '1', 'bench/b.ts': '1' }, ['middle', 'base']);
    const seen = new Set([sourceHash(root)]);
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder(), path)), { recursive: true });
      writeFileSync(join(folder(), path), text);
      return sourceHash(root);
    };
    const unchanged = [...seen][0];
    expect(write('top/src/a.test.ts', '2')).toBe(unchanged);
    expect(write('top/README.md', '2')).toBe(unchanged);
    expect(write('top/paper.json', '{}')).toBe(unchanged);
    for (const path of ['top/src/a.ts', 'top/bench/b.ts', 'base/src/a.ts', 'middle/src/new.ts']) {
      const hash = write(path, '2');
      expect([path, seen.has(hash)]).toEqual([path, false]);
      seen.add(hash);
    }
    expect(write('middle/src/new.ts', '2')).toBe([...seen].at(-1));
  });

  it('is that of another file name too', () => {
    const one = sourceHash(makePackage('one', { 'src/a.ts': 'same' }));
    const other = sourceHash(makePackage('one2', { 'src/b.ts': 'same' }));
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(one).not.toBe(other);
  });
});

it('has no commit outside of a repository', () => {
  expect(existsSync(join(folder(), '.git'))).toBe(false);
  expect(gitCommit(folder())).toBeNull();
  expect(gitCommit(join(folder(), 'nowhere'))).toBeNull();
});

it('keeps of the surroundings what all seeds share', () => {
  const machine = { platform: 'p', cpu: 'c', cores: 2, memoryBytes: 1 };
  const both = [
    { tfjs: '4', node: '20', machine },
    { tfjs: '4', node: '22', machine },
  ];
  expect(commonSurroundings(both)).toEqual({
    surroundings: { tfjs: '4', machine },
    notes: ['Seeds ran on different node.'],
  });
  expect(commonSurroundings([both[0]!])).toEqual({ surroundings: both[0], notes: [] });
});

describe('makeFolder', () => {
  it('makes what is missing, leaves what is there, and gives up where a file system refuses', () => {
    const deep = join(folder(), 'a', 'b', 'c');
    makeFolder(deep);
    makeFolder(deep);
    expect(existsSync(deep)).toBe(true);
    // Node's own recursion never ends here.
    if (existsSync('/proc/self')) expect(() => makeFolder('/proc/no-such/folder')).toThrow(/ENOENT/);
  });
});
