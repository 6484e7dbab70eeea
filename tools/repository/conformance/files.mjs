import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { finding, textOf } from './finding.mjs';
import { reExportsOf } from './syntax.mjs';

/** What every folder of a paper has, and what to do where it is missing. */
const required = {
  'README.md': 'say what the package does, how it is installed and used, what it found',
  'src/index.ts': 'export what is public',
  'src/golden.test.ts': 'run the golden cases with goldenSuite of @tensor-papers/tools/golden',
  'fixtures/golden.json': 'add the golden cases of the paper',
  'bench/benchmark.ts': 'default-export defineBenchmark({ … })',
  'tsup.config.mjs': 'take the preset of @tensor-papers/tools/tsup',
  'jest.config.mjs': 'take the preset of @tensor-papers/tools/jest',
  'tsconfig.json': 'extend @tensor-papers/tools/tsconfig.json',
};

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/;
const nameOf = (path) => path.slice(path.lastIndexOf('/') + 1);
const isTest = (path) => path.endsWith('.test.ts');

/** Findings about the files of a paper: those that are missing, names in `src`, and what `src/index.ts` holds. */
export function checkFiles(root, pkg) {
  const has = (path) => existsSync(join(root, pkg.folder, path));
  const missing = (path, todo) => finding(`${pkg.folder}/${path}`, 'the file', 'none', todo);
  const examples = pkg.sources.filter((path) => path.startsWith('examples/'));
  // Packing takes the licence of the repository where a package has none of its own.
  const isLicensed = has('LICENSE') || existsSync(join(root, 'LICENSE'));
  return [
    ...Object.entries(required)
      .filter(([path]) => !has(path))
      .map(([path, todo]) => missing(path, todo)),
    ...(isLicensed ? [] : [missing('LICENSE', 'write it, here or at the root')]),
    ...(examples.some((path) => !isTest(path)) ? [] : [missing('examples/*.ts', 'write an example of ten lines')]),
    ...(examples.some(isTest) ? [] : [missing('examples/*.test.ts', 'run the examples in a test')]),
    ...checkNames(pkg),
    ...(has('src/index.ts') ? checkIndex(root, pkg) : []),
  ];
}

function checkNames(pkg) {
  return pkg.sources
    .filter((path) => path.startsWith('src/') && path.endsWith('.ts') && !kebab.test(nameOf(path)))
    .map((path) =>
      finding(`${pkg.folder}/${path}`, 'a name in kebab-case', nameOf(path), 'rename it after the concept it holds'),
    );
}

/** The order of the linter: by folder and name, the ending aside. */
const sortKey = (specifier) => specifier.replace(/\.js$/, '').split('/');
function isBefore(a, b) {
  const [left, right] = [sortKey(a), sortKey(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i] < right[i];
  }
  return left.length <= right.length;
}

function checkIndex(root, pkg) {
  const path = `${pkg.folder}/src/index.ts`;
  const { others, from } = reExportsOf(textOf(root, pkg, 'src/index.ts'));
  const late = from.find((each, i) => i > 0 && !isBefore(from[i - 1], each));
  return [
    ...others.map((line) =>
      finding(path, "only lines of the form export … from '…'", `'${line}'`, 'move it into a file of its own'),
    ),
    ...(late ? [finding(path, 'exports sorted by file', `'${late}' too late`, 'sort them')] : []),
  ];
}
