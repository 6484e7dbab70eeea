import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readWorkspace } from '../workspace.mjs';
import { checkPapers } from './check-papers.mjs';
import { isPermissive } from './dependencies.mjs';
import { isComposedOf } from './paper-json.mjs';

let root: string;
const write = (path: string, content: unknown) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const remove = (path: string) => rmSync(join(root, path), { recursive: true });
const findings = () => checkPapers(root, readWorkspace(root));
/** What the check finds: nothing but these, in this order. */
const expectFindings = (...patterns: RegExp[]) =>
  expect(findings()).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)));

const claim = {
  id: 'H1',
  statement: 'Tins hold more than cans.',
  source: 'Table 1',
  metric: 'content',
  unit: 'ml',
  better: 'higher',
  compare: ['shelf/tin', 'can@2'],
  kind: 'superiority',
  margin: 0,
  method: 't',
  published: null,
};
const paper = {
  name: 'tins',
  title: 'Tins',
  summary: 'On tins.',
  citation: {
    authors: ['A. Smith'],
    title: 'Tins',
    venue: 'TC',
    year: 1999,
    url: 'https://x.org',
    bibtex: '@misc{tins}',
  },
  claims: [claim],
  dataSets: ['tin-photographs'],
  equations: [{ id: 'eq1', title: 'Content', tex: 'v = ah', meaning: 'Area times height.', symbol: 'content' }],
  deviations: ['Our tins are smaller.'],
  notImplemented: ['Opening them.'],
};
const result = { arms: { 'shelf/tin': {}, 'can@2': {} }, claims: [{ ...claim, effect: 1, verdict: 'supported' }] };
const manifest = {
  name: '@tensor-papers/tins',
  exports: { '.': { '@tensor-papers/source': './src/index.ts' }, './package.json': './package.json' },
  dependencies: { metal: '^1.0.0' },
};
const readme = [
  '# Tins',
  '```\nnpm i @tensor-papers/tins\n```',
  "```ts\nimport { content } from '@tensor-papers/tins';\ncontent(1);\n```",
  '## Claims',
  '## Deviations from the paper\n- Our tins are smaller.\n- Opening them.',
  '```bibtex\n@misc{tins}\n```',
].join('\n\n');
const benchmark = [
  "export const arms = { 'shelf/': 1, 'tin': 2 };",
  ['export const arm = (n: number) => `can@$', '{n}`;'].join(''),
  "export const source = { id: 'tin-photographs', sha256: read(), licence: 'MIT', citation: 'Smith, Tins. 1999' };",
].join('\n');
const lock =
  "packages:\n\n  '@tensorflow/tfjs@4.22.0':\n    resolution: {}\n\nsnapshots:\n\n  '@tensorflow/tfjs@4.22.0(seedrandom@3.0.5)':\n";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'papers-'));
  write('LICENSE', 'MIT');
  write('pnpm-lock.yaml', lock);
  write('docs/methods/tins.md', '# Tins\n\n## Sources\n');
  write('results/tins.json', result);
  write('packages/tins/package.json', manifest);
  write('packages/tins/paper.json', paper);
  write('packages/tins/README.md', readme);
  write(
    'packages/tins/src/index.ts',
    "export { type Content, content } from './content.js';\nexport { tin } from './tin-can.js';\n",
  );
  write(
    'packages/tins/src/content.ts',
    'export type Content = number;\nexport const content = (tin: number) => tin;\n',
  );
  write('packages/tins/src/tin-can.ts', 'export const tin = 1;\n');
  write('packages/tins/src/golden.test.ts', 'content(tin);\n');
  write('packages/tins/fixtures/golden.json', []);
  write('packages/tins/bench/benchmark.ts', benchmark);
  write('packages/tins/examples/open.ts', 'content(1);\n');
  write('packages/tins/examples/readme.test.ts', '');
  for (const name of ['tsup.config.mjs', 'jest.config.mjs', 'tsconfig.json']) write(`packages/tins/${name}`, '');
  write('packages/tins/node_modules/metal/package.json', { name: 'metal', version: '1.0.0', license: 'MIT' });
});
afterEach(() => rmSync(root, { recursive: true }));

it('finds nothing in a paper that is whole, and nothing in packages that are no papers', () => {
  write('packages/shop/package.json', { name: '@tensor-papers/shop' });
  write('packages/shop/src/index.ts', 'export const BadName = 1;\n');
  expectFindings();
});

describe('files', () => {
  it.each([
    'README.md',
    'src/golden.test.ts',
    'fixtures/golden.json',
    'bench/benchmark.ts',
    'tsup.config.mjs',
    'jest.config.mjs',
    'tsconfig.json',
  ])('finds that %s is missing', (path) => {
    remove(`packages/tins/${path}`);
    expect(findings()).toContainEqual(
      expect.stringMatching(`^packages/tins/${path}: expected the file, there is none; `),
    );
  });

  it('finds that src/index.ts is missing', () => {
    remove('packages/tins/src/index.ts');
    expectFindings(/src\/index\.ts: expected the file/, /equation eq1 to name a public symbol/);
  });

  it('finds that there is no example, or none that a test runs', () => {
    remove('packages/tins/examples/readme.test.ts');
    expectFindings(/examples\/\*\.test\.ts: expected the file/);
    remove('packages/tins/examples/open.ts');
    expectFindings(/examples\/\*\.ts: expected the file/, /examples\/\*\.test\.ts: expected the file/);
  });

  it('wants a LICENSE, of the package or of the repository', () => {
    remove('LICENSE');
    expectFindings(/packages\/tins\/LICENSE: expected the file, there is none; write it/);
    write('packages/tins/LICENSE', 'MIT');
    expectFindings();
  });

  it('finds a name that is not in kebab-case, below folders too', () => {
    for (const name of ['BigTin.ts', 'big_tin.ts', 'shelf/bigTin.test.ts']) write(`packages/tins/src/${name}`, '');
    write('packages/tins/src/shelf/big-tin.verify.test.ts', '');
    expectFindings(/src\/BigTin\.ts: .*kebab/, /src\/big_tin\.ts: .*kebab/, /src\/shelf\/bigTin\.test\.ts: .*kebab/);
  });

  it('finds what is no re-export in src/index.ts', () => {
    write(
      'packages/tins/src/index.ts',
      "export { content } from './content.js';\nexport const tin = 1;\nimport './tin-can.js';\n",
    );
    expectFindings(/src\/index\.ts: .*'export const tin = 1;'/, /src\/index\.ts: .*'import '\.\/tin-can\.js';'/);
  });

  it('finds exports that are not sorted; a folder stands where its name does', () => {
    const lines = ['./can.js', './content.js', './content-size.js', './content/a.js', './tin-can.js'];
    const index = (paths: string[]) => paths.map((path) => `export * from '${path}';`).join('\n');
    const order = ['./can.js', './content.js', './content/a.js', './content-size.js', './tin-can.js'];
    write('packages/tins/src/index.ts', index(order));
    expectFindings();
    write('packages/tins/src/index.ts', index(lines));
    expectFindings(/sorted by file, there is '\.\/content\/a\.js' too late/);
  });
});

describe('paper.json', () => {
  const writePaper = (change: object) => write('packages/tins/paper.json', { ...paper, ...change });

  it('finds that it is no JSON', () => {
    write('packages/tins/paper.json', '{');
    expect(findings()).toContainEqual(expect.stringMatching(/paper\.json: expected JSON/));
  });

  it.each(['title', 'summary', 'claims', 'dataSets', 'equations', 'deviations', 'citation'])('wants %s', (field) => {
    writePaper({ [field]: undefined });
    expect(findings()).toContainEqual(
      expect.stringMatching(`paper.json: expected the field ${field}, there is none; `),
    );
  });

  it.each(['authors', 'title', 'venue', 'year', 'url', 'bibtex'])('wants %s of its citation', (field) => {
    writePaper({ citation: { ...paper.citation, [field]: undefined } });
    expect(findings()).toContainEqual(expect.stringMatching(`expected the field citation.${field}, there is none; `));
  });

  it.each(Object.keys(claim).filter((field) => field !== 'id'))('wants %s of a claim', (field) => {
    remove('results/tins.json');
    writePaper({ claims: [{ ...claim, [field]: undefined }] });
    expectFindings(new RegExp(`paper\\.json: expected the field of claim H1: ${field}, there is none; `));
  });

  it.each([
    { kind: 'bigger' },
    { better: 'more' },
    { method: 'guess' },
    { margin: '0' },
    { compare: ['can@2'] },
    { published: 3 },
  ])('finds a wrong value in a claim: %p', (change) => {
    remove('results/tins.json');
    writePaper({ claims: [{ ...claim, ...change }] });
    expectFindings(new RegExp(`of claim H1: ${Object.keys(change)[0]}, there is `));
  });

  it('finds another name than that of the folder', () => {
    writePaper({ name: 'cans' });
    expectFindings(/expected the name 'tins', there is "cans"/);
  });

  it('finds two claims of one id', () => {
    writePaper({ claims: [claim, claim] });
    expectFindings(/expected an id for each claim, there is H1 twice/);
  });

  it('finds an equation without meaning, and one that names nothing public, such as a type', () => {
    writePaper({ equations: [{ ...paper.equations[0], meaning: undefined }] });
    expectFindings(/of equation eq1: meaning, there is none/);
    writePaper({ equations: [{ ...paper.equations[0], symbol: ['content', 'Content'] }] });
    expectFindings(/equation eq1 to name a public symbol, there is 'Content'/);
  });

  it('finds a claim on an arm that neither the benchmark nor a result has', () => {
    writePaper({ claims: [{ ...claim, compare: ['shelf/tin', 'jar'] }] });
    write('results/tins.json', { ...result, claims: [{ ...claim, compare: ['shelf/tin', 'jar'] }] });
    expectFindings(/claim H1 to compare arms of the benchmark, there is 'jar', which is not in results\/tins\.json/);
    remove('results/tins.json');
    expectFindings(/'jar', which is not in bench; declare it/);
  });

  it('takes an arm from a committed result where the source only computes its name', () => {
    write('packages/tins/bench/benchmark.ts', "export const source = 'tin-photographs';");
    expectFindings();
    remove('results/tins.json');
    expectFindings(/'shelf\/tin'/, /'can@2'/);
  });

  it('finds a data set that no recipe delivers, and looks into datasets too', () => {
    writePaper({ dataSets: ['tin-photographs', { id: 'can-photographs' }] });
    expectFindings(/data sets with a recipe, there is 'can-photographs'/);
    write('packages/datasets/package.json', { name: '@tensor-papers/datasets' });
    write('packages/datasets/src/recipes/cans.ts', "export const id = 'can-photographs';");
    expectFindings();
  });

  it('puts names of arms together from texts, keys and numbers of the benchmark', () => {
    const pieces = ['shelf/', 'tin', '@', 'x'];
    for (const name of ['tin', 'shelf/tin', 'tin@32', 'shelf/tin@0.5']) expect(isComposedOf(name, pieces)).toBe(true);
    for (const name of ['tins', 'x', 'shelf/can', 'tin@big']) expect(isComposedOf(name, pieces)).toBe(false);
  });
});

describe('a committed result', () => {
  it('finds a claim without an answer, an answer without a claim, and a claim that was changed', () => {
    write('results/tins.json', { ...result, claims: [] });
    expectFindings(/results\/tins\.json: expected an answer to every claim .*, there is none to H1; run /);
    write('results/tins.json', { ...result, claims: [...result.claims, { ...claim, id: 'H2' }] });
    expectFindings(/results\/tins\.json: expected only claims .*, there is H2; declare/);
    write('results/tins.json', { ...result, claims: [{ ...claim, margin: 3, kind: 'equivalence' }] });
    expectFindings(/results\/tins\.json: .* another kind of H1 \("equivalence"\), margin of H1 \(3\); run /);
  });

  it('does not have to be there', () => {
    remove('results/tins.json');
    expectFindings();
  });

  it('is refused while the package or its note still waits for words of its author', () => {
    write('packages/tins/src/tin-can.ts', '/** Text. */\n/** REPLACE: what a tin is. */\nexport const tin = 1;\n');
    write('docs/methods/tins.md', '# REPLACE\n\n## Sources\n');
    expectFindings(
      /^packages\/tins\/src\/tin-can\.ts:2: expected no REPLACE beside results\/tins\.json/,
      /^docs\/methods\/tins\.md:1: expected no REPLACE/,
    );
    remove('results/tins.json');
    expectFindings();
  });
});

describe('README', () => {
  const without = (text: string) => write('packages/tins/README.md', readme.replace(text, ''));

  it.each([
    ['npm i @tensor-papers/tins', /the line npm i @tensor-papers\/tins, there is none/],
    ["from '@tensor-papers/tins'", /an example \(a block of ts\)/],
    ['## Claims', /a section '## Claims'/],
    ['## Deviations from the paper', /a section '## Deviations …'/],
    ['Our tins are smaller.', /what paper\.json admits: 'Our tins are smaller\.…'/],
    ['Opening them.', /what paper\.json admits: 'Opening them\.…'/],
    ['@misc{tins}', /the BibTeX entry/],
  ])('wants %s', (text, pattern) => {
    without(text);
    expectFindings(pattern);
  });

  it('wants the peers among what is installed, optional ones aside', () => {
    write('packages/tins/package.json', {
      ...manifest,
      peerDependencies: { opener: '^1.0.0', lid: '^1.0.0' },
      peerDependenciesMeta: { lid: { optional: true } },
    });
    write('packages/tins/node_modules/opener/package.json', { name: 'opener', version: '1.0.0', license: 'ISC' });
    expectFindings(/opener among what is installed, there is 'npm i @tensor-papers\/tins'; add it/);
  });
});

describe('public symbols', () => {
  it('finds a value that no test, example or benchmark mentions, and no type', () => {
    write('packages/tins/src/golden.test.ts', "// tin\nconst text = 'tin';\ncontent();\n");
    expectFindings(/every public symbol in a test, an example or a benchmark, there is tin in none/);
  });

  it('follows other entry points, export * and new names', () => {
    const source = (path: string) => ({ '@tensor-papers/source': path });
    write('packages/tins/package.json', {
      ...manifest,
      exports: { ...manifest.exports, './node': source('./src/node.ts') },
    });
    write(
      'packages/tins/src/node.ts',
      "export * from './shelf.js';\nexport { tin as box } from './tin-can.js';\nexport type { Size } from './size.js';\n",
    );
    write('packages/tins/src/shelf.ts', 'export function shelf() {}\nexport class Board {}\nfunction own() {}\n');
    expectFindings(/there is shelf in none/, /there is Board in none/);
  });
});

describe('notes on methods', () => {
  it('finds a paper without a note, and a note without a paper', () => {
    write('docs/methods/cans.md', '# Cans\n\n## Sources\n');
    expectFindings(/docs\/methods\/cans\.md: expected a paper of that name/);
    remove('docs/methods');
    expectFindings(/docs\/methods\/tins\.md: expected a note on the method of packages\/tins/);
  });

  it('finds a name in the table of symbols that the package does not export', () => {
    const note = (names: string) =>
      `# Tins\n\n\`opened\`\n\n## From equation to code\n\n${names}\n\n## Sources\n\n\`shelf\`\n`;
    write('docs/methods/tins.md', note('| v | `content`, `tin` |'));
    expectFindings();
    write('docs/methods/tins.md', note('| v | `content`, `volume` |'));
    expectFindings(/docs\/methods\/tins\.md: expected public symbols of packages\/tins, there is `volume`; name what/);
  });

  it('finds a note without title or sources', () => {
    write('docs/methods/tins.md', 'Tins\n');
    expectFindings(/a title in the first line/, /a section '## Sources'/);
  });
});

describe('recipes of data', () => {
  it('finds data without licence or citation, also where the text is empty', () => {
    write('packages/tins/bench/benchmark.ts', `${benchmark}\nexport const b = { id: 'x', sha256: h, licence: '' };`);
    expectFindings(/bench\/benchmark\.ts: expected a licence of the data set x/, /a citation of the data set x/);
  });

  it('finds them in datasets too; data made in memory, spread fields and tests are left out', () => {
    write('packages/datasets/package.json', { name: '@tensor-papers/datasets' });
    write(
      'packages/datasets/src/recipes/cans.ts',
      'export const a = { id, sha256, licence };\nexport const b = { id, sha256, ...rest };',
    );
    write('packages/datasets/src/recipes/cans.test.ts', 'const a = { id, sha256 };');
    write('packages/tins/bench/made.ts', "export const a = { id: 'noise', sha256: '' };");
    expectFindings(/datasets\/src\/recipes\/cans\.ts: expected a citation of the data set, there is none/);
  });
});

describe('dependencies', () => {
  const dependency = (name: string, fields: object, below = 'packages/tins') =>
    write(`${below}/node_modules/${name}/package.json`, { name, version: '1.0.0', ...fields });

  it('finds a licence that is not permissive, or none', () => {
    dependency('metal', { license: 'GPL-3.0-only' });
    expectFindings(
      /tins\/package\.json: .*permissive licence, there is 'GPL-3\.0-only' of metal 1\.0\.0 \(metal\); replace/,
    );
    dependency('metal', {});
    expectFindings(/'no licence' of metal 1\.0\.0/);
    dependency('metal', { licenses: [{ type: 'MIT' }] });
    expectFindings();
  });

  it('follows dependencies of dependencies through links', () => {
    const store = 'node_modules/.store/metal';
    remove('packages/tins/node_modules/metal');
    dependency(
      'metal',
      { license: 'MIT', dependencies: { ore: '*', optional: '*' }, optionalDependencies: { optional: '*' } },
      store,
    );
    dependency('ore', { license: 'SSPL-1.0' }, store);
    symlinkSync(join(root, store, 'node_modules/metal'), join(root, 'packages/tins/node_modules/metal'));
    expectFindings(/'SSPL-1\.0' of ore 1\.0\.0 \(metal → ore\)/);
  });

  it('wants what we ask for installed, and looks at published packages alone', () => {
    remove('packages/tins/node_modules');
    expectFindings(/tins\/package\.json: expected metal installed, there is none; run pnpm install/);
    write('packages/tins/package.json', { ...manifest, private: true });
    expectFindings();
  });

  it('reads licence expressions', () => {
    for (const text of [
      'MIT',
      '(MIT OR GPL-3.0)',
      'GPL-3.0 OR ISC',
      '(MIT AND Zlib)',
      'Apache-2.0 AND (MIT OR GPL-2.0)',
    ]) {
      expect([text, isPermissive(text)]).toEqual([text, true]);
    }
    for (const text of [
      '',
      'GPL-3.0',
      'MIT AND GPL-3.0',
      'SEE LICENSE IN LICENSE',
      'UNLICENSED',
      'AGPL-3.0 OR GPL-3.0',
    ]) {
      expect([text, isPermissive(text)]).toEqual([text, false]);
    }
  });

  it('finds two versions of a package of TensorFlow.js, and a missing lock file', () => {
    write('pnpm-lock.yaml', `${lock}  '@tensorflow/tfjs@4.20.0(seedrandom@3.0.5)':\n`);
    expectFindings(
      /pnpm-lock\.yaml: expected one version of @tensorflow\/tfjs, there is 4\.20\.0, 4\.22\.0; use catalog/,
    );
    remove('pnpm-lock.yaml');
    expectFindings(/pnpm-lock\.yaml: expected the lock file/);
  });
});
