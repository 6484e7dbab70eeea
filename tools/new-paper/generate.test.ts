import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkImportDirections } from '../repository/import-directions.mjs';
import { filesBelow, readWorkspace } from '../repository/workspace.mjs';
import { generatePaper, PaperNameError } from './generate.mjs';
import { problemOfName } from './name.mjs';
import { sortImports } from './sort-imports.mjs';

const repository = join(__dirname, '..', '..');
let root: string;
const table = '{\n  "@tensor-papers/ban": { "packed": 1 }\n}\n';
const at = (...path: string[]) => join(root, ...path);
const everything = () => filesBelow(root, new Set());

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-paper-'));
  mkdirSync(at('packages', 'ban'), { recursive: true });
  writeFileSync(at('packages', 'ban', 'package.json'), '{ "name": "@tensor-papers/ban" }');
  writeFileSync(at('packages', 'ban', 'paper.json'), '{}');
  writeFileSync(at('LICENSE'), 'MIT\n');
  mkdirSync(at('tools', 'packed'), { recursive: true });
  writeFileSync(at('tools', 'packed', 'ceilings.json'), table);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a generated paper', () => {
  it('has every file that a paper package has, a note on its method and a page of its API', () => {
    const written = generatePaper(root, 'random-erasing');
    expect(
      everything().filter(
        (path) => !path.includes('/ban/') && !['LICENSE', 'tools/packed/ceilings.json'].includes(path),
      ),
    ).toEqual([...written].sort());
    const files = written.map((path) => path.replace('packages/random-erasing/', ''));
    expect(files).toEqual(
      expect.arrayContaining([
        ...[
          'package.json',
          'paper.json',
          'README.md',
          'LICENSE',
          'tsconfig.json',
          'jest.config.mjs',
          'tsup.config.mjs',
        ],
        ...[
          'src/index.ts',
          'src/golden.test.ts',
          'src/smoothed-cross-entropy.ts',
          'src/smoothed-cross-entropy.test.ts',
        ],
        ...['bench/benchmark.ts', 'bench/benchmark.test.ts', 'bench/presets.ts', 'bench/figures.ts'],
        ...['examples/train.ts', 'examples/readme.test.ts', 'fixtures/golden.json', 'scripts/golden.py'],
        ...['docs/methods/random-erasing.md', 'tools/packed/api/random-erasing.md'],
      ]),
    );
    expect(readdirSync(at('packages'))).toEqual(['ban', 'random-erasing']);
  });

  it('carries its name everywhere, and says REPLACE wherever somebody else’s method stands', () => {
    const written = generatePaper(root, 'random-erasing');
    for (const path of written) expect(readFileSync(at(path), 'utf8')).not.toContain('paper-name');
    const [paper, manifest] = ['paper.json', 'package.json'].map((file) =>
      JSON.parse(readFileSync(at('packages/random-erasing', file), 'utf8')),
    );
    expect(paper.name).toBe('random-erasing');
    expect(manifest.name).toBe('@tensor-papers/random-erasing');
    expect(manifest.scripts.bench).toContain('run random-erasing ');
    for (const field of ['title', 'venue', 'bibtex']) expect(paper.citation[field]).toContain('REPLACE');
    expect(paper.citation.authors[0]).toContain('REPLACE');
    const silent = written.filter((path) => !readFileSync(at(path), 'utf8').includes('REPLACE'));
    const own =
      /\.test\.ts$|src\/index\.ts$|examples\/train\.ts$|\.config\.mjs$|tsconfig\.json$|golden\.json$|LICENSE$|\/api\//;
    expect(silent.filter((path) => !own.test(path))).toEqual([]);
  });

  it('keeps the import directions, in an order of imports that follows its name', () => {
    for (const name of ['adain', 'random-erasing', 'zoom']) {
      generatePaper(root, name);
      const code = readFileSync(at('packages', name, 'examples', 'train.ts'), 'utf8');
      const sources = [...code.matchAll(/from '(@tensor-papers\/[^']+)'/g)].map(([, source]) => source);
      expect(sources).toContain(`@tensor-papers/${name}`);
      expect(sources).toEqual([...sources].sort());
      expect(readFileSync(at('packages', name, 'README.md'), 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
    }
    expect(checkImportDirections(root, readWorkspace(root))).toEqual([]);
  });

  it('has its line in the table of sizes, beside the others', () => {
    generatePaper(root, 'random-erasing');
    const text = readFileSync(at('tools', 'packed', 'ceilings.json'), 'utf8');
    expect(text.startsWith(table.slice(0, table.lastIndexOf('\n}')))).toBe(true);
    const { '@tensor-papers/ban': ban, '@tensor-papers/random-erasing': own } = JSON.parse(text);
    expect([ban, own.packed > 0, own.imports]).toEqual([
      { packed: 1 },
      true,
      { smoothedCrossEntropy: expect.any(Number) },
    ]);
  });

  it('can be read by everybody, as any folder', () => {
    generatePaper(root, 'random-erasing');
    const modeOf = (path: string) => execFileSync('ls', ['-ld', at(path)], { encoding: 'utf8' }).slice(0, 10);
    expect(modeOf('packages/random-erasing')).toBe(modeOf('packages/ban'));
  });
});

describe('names', () => {
  it.each(['a', 'mixup', 'random-erasing', '3d-r2n2', 'x'.repeat(40)])('%s is good', (name) => {
    expect(problemOfName(name)).toBeUndefined();
  });

  it.each([
    ['RandomErasing', /lower-case.*'random-erasing'/],
    ['random_erasing', /'random-erasing'/],
    ['random erasing', /'random-erasing'/],
    ['random--erasing', /single hyphens.*'random-erasing'/],
    ['-mixup', /'mixup'/],
    ['mixup.', /'mixup'/],
    ['@tensor-papers/mixup', /'mixup'/],
    ['../mixup', /'mixup'/],
    ['', /expected lower-case letters and digits in words joined by single hyphens$/],
    ['2018', /expected lower-case letters/],
    ['größe', /expected lower-case letters/],
    ['Engine', /joined by single hyphens$/],
    ['x'.repeat(41), /41 characters: expected at most 40/],
    ['engine', /every paper stands on: choose another name/],
    ['tools', /every paper stands on/],
    ['peers', /speed comparisons/],
    ['speed', /one of the report's own pages/],
    ['api', /one of the report's own pages/],
    ['constructor', /every object of JavaScript/],
    ['étude', /take 'etude' for example/],
    ['con', /Windows/],
  ])('%s is not, and the message helps', (name, message) => {
    expect(problemOfName(name)).toMatch(message);
    expect(() => generatePaper(root, name)).toThrow(PaperNameError);
    expect(everything()).toHaveLength(4);
  });

  it('that are taken are refused, wherever they stand, and nothing is changed', () => {
    mkdirSync(at('packages', 'empty'));
    mkdirSync(at('apps', 'site'), { recursive: true });
    writeFileSync(at('apps', 'site', 'package.json'), '{ "name": "@tensor-papers/page" }');
    mkdirSync(at('results'));
    writeFileSync(at('results', 'old.json'), '{}');
    mkdirSync(at('docs', 'methods'), { recursive: true });
    writeFileSync(at('docs', 'methods', 'noted.md'), '');
    const before = everything();
    const refusal = (name: string) => () => generatePaper(root, name);
    expect(refusal('ban')).toThrow(/packages\/ban is there already: choose another name, or remove it first/);
    expect(refusal('empty')).toThrow(/packages\/empty is there already/);
    expect(refusal('page')).toThrow(/apps\/site is called @tensor-papers\/page already/);
    expect(refusal('old')).toThrow(/results\/old\.json is there already/);
    expect(refusal('noted')).toThrow(/docs\/methods\/noted\.md is there already/);
    expect(everything()).toEqual(before);
  });
});

it('a template that cannot be read leaves nothing half-written', () => {
  const from = at('templates');
  cpSync(__dirname, from, { recursive: true });
  rmSync(join(from, 'method-note.md'));
  const before = everything();
  expect(() => generatePaper(root, 'mixup', { from })).toThrow(/method-note\.md/);
  expect(everything()).toEqual(before);
  expect(readdirSync(at('packages'))).toEqual(['ban']);
});

it('a table of sizes that cannot be replaced leaves nothing behind', () => {
  rmSync(at('tools', 'packed', 'ceilings.json'));
  expect(() => generatePaper(root, 'mixup')).toThrow(/ceilings\.json/);
  writeFileSync(at('tools', 'packed', 'ceilings.json'), '{ "broken": ');
  expect(() => generatePaper(root, 'mixup')).toThrow(SyntaxError);
  expect(everything()).toHaveLength(4);
});

it('a place that cannot be written to leaves nothing behind in the others', () => {
  symlinkSync('nowhere', at('tools', 'packed', 'api'));
  const before = everything();
  expect(() => generatePaper(root, 'mixup')).toThrow();
  expect(everything()).toEqual(before);
  expect(readFileSync(at('tools', 'packed', 'ceilings.json'), 'utf8')).toBe(table);
});

it('imports are sorted among neighbours of the scope only', () => {
  const line = (name: string) => `import { x } from '${name}';`;
  const lines = (...names: string[]) => names.map(line).join('\n');
  const [b, a, node, own] = ['@tensor-papers/b', '@tensor-papers/a', 'node:fs', './own.js'];
  expect(sortImports(lines(node, b, a, own))).toBe(lines(node, a, b, own));
  expect(sortImports(`${line(b)}\n\n${line(a)}\n`)).toBe(`${line(b)}\n\n${line(a)}\n`);
});

describe('the command', () => {
  /** In a workspace of its own: it writes where its script stands. */
  const newPaper = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [at('scripts', 'new-paper.mjs'), ...args], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  beforeEach(() => {
    for (const path of [
      'scripts/new-paper.mjs',
      'scripts/run.mjs',
      'tools/new-paper',
      'tools/repository/workspace.mjs',
    ]) {
      cpSync(join(repository, path), at(path), { recursive: true });
    }
  });

  it('writes a paper and says what comes next, in numbered steps', () => {
    const { status, stdout, stderr } = newPaper('mixup');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^packages\/mixup is there/);
    for (const step of [
      /^1\. Install/m,
      /^2\. Run its tests/m,
      /papers run mixup --preset quick/,
      /^5\. .*contributing/m,
    ]) {
      expect(stdout).toMatch(step);
    }
    expect(existsSync(at('packages/mixup/paper.json'))).toBe(true);
  });

  it('writes a table of claims that is current', () => {
    newPaper('mixup');
    rmSync(at('packages', 'ban'), { recursive: true });
    cpSync(join(repository, 'scripts', 'claims-tables.mjs'), at('scripts', 'claims-tables.mjs'));
    // A paper without a committed result has no row in the README of the repository, so that this need not change either.
    const table = '| package | paper and method | what held here |\n| --- | --- | --- |';
    writeFileSync(at('README.md'), `<!-- papers:start -->\n\n${table}\n\n<!-- papers:end -->\n`);
    expect(execFileSync(process.execPath, [at('scripts', 'claims-tables.mjs')], { encoding: 'utf8' })).toBe('');
  });

  it.each([
    [[], /expected the name of the new package, got none/],
    [['Mix Up'], /'mix-up' for example/],
    [['mix', 'up'], /expected one name, got 2: mix up; join words by hyphens/],
    [['ban'], /packages\/ban is there already/],
    [['--force', 'mixup'], /unknown flag '--force': expected a name and nothing else/],
    [['mixup', '-f'], /unknown flag '-f'/],
  ])('refuses %j with exit code 2', (args, message) => {
    const before = everything();
    const { status, stdout, stderr } = newPaper(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('new:paper NAME');
    expect(everything()).toEqual(before);
  });

  it('helps', () => {
    expect(newPaper('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('new:paper NAME') });
  });

  it('says with exit code 1 that it could not write, and leaves nothing', () => {
    mkdirSync(at('docs'));
    writeFileSync(at('docs', 'methods'), 'a file where a folder has to be');
    const { status, stderr } = newPaper('mixup');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^new:paper: packages\/mixup could not be written, and nothing of it is left: /);
    expect(readdirSync(at('packages'))).toEqual(['ban']);
  });
});
