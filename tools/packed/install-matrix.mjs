import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { entriesOf, specifierOf } from './entries.mjs';
import { importedSpecifiers, packageOf } from './imported-specifiers.mjs';
import { lineDifference } from './line-difference.mjs';
import { buildPage, openPage } from './page.mjs';
import { createProject, fileRanges, npmInstall, run } from './project.mjs';
import { installedPackages, nodeProgram, readmeExamples, withoutEngine } from './readme.mjs';

const vite = 'vite@8.3.8';
const nodeTypes = '@types/node@20.19.43';
const tfjs = '@tensorflow/tfjs';
const engine = '@tensor-papers/engine';
const backend = '@tensorflow/tfjs-backend-wasm';
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const kinds = [
  { kind: 'esm', type: 'module', extension: 'mjs' },
  { kind: 'cjs', type: 'commonjs', extension: 'cjs' },
];
const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable', 'esnext.disposable'],
  noEmit: true,
  skipLibCheck: false,
};

/**
 * Installs a package from its tarball, as its README says, into an empty project outside the repository, and uses it there: all entries
 * and the README's examples as ESM, CommonJS and strict TypeScript, a paper's also in a page that Vite builds; first with TensorFlow.js
 * alone (or without it, where the README installs none), then in Node with our engine.
 *
 * @param target name, manifest, readme, isPaper
 * @param folder of the project, made here
 * @param tarballs name → path of every package of ours
 * @param ranges name → range of packages from the registry, such as TensorFlow.js
 * @param engineName what `useEngine` must give
 * @param browser gives a Chromium
 * @param step runs a named step and notes how it ended; the steps after a failed one run too
 */
export async function tryInstalled({ target, folder, tarballs, ranges, engineName, browser, step }) {
  const { readme, isPaper } = target;
  const examples = readmeExamples(readme);
  if (isPaper && examples.length === 0) throw new Error('the README of a paper shows an example and what it prints');
  const needed = examples
    .flatMap(({ code }) => importedSpecifiers(code))
    .filter((specifier) => !isBuiltin(specifier))
    .map(packageOf);
  const names = [...new Set([target.name, ...installedPackages(readme), ...needed])];
  const ours = fileRanges(tarballs);
  const rangeOf = (name) => ours[name] ?? ranges[name] ?? fail(`no range is known for ${name}`);
  for (const name of names) rangeOf(name);
  const packages = Object.fromEntries(
    names
      .filter((name) => target.name === engine || ![engine, backend].includes(name))
      .map((name) => [name, rangeOf(name)]),
  );
  if (!(await step('npm install', () => createProject(folder, packages, tarballs)))) return;

  const hasTensorFlow = tfjs in packages;
  if (!hasTensorFlow) {
    await step('no TensorFlow.js in the project', () => {
      if (existsSync(join(folder, 'node_modules', '@tensorflow'))) fail('npm installed @tensorflow/… all the same');
    });
  }
  await step('every entry, ESM and CommonJS', () => importEntries(folder, target));
  // The engine's own examples are about the engine.
  const plain =
    target.name === engine ? [] : examples.map(({ code, output }) => ({ code: withoutEngine(code), output }));
  await step('strict TypeScript', () =>
    typeCheck(
      folder,
      target,
      plain.map(({ code }) => code),
    ),
  );
  if (isPaper) await step('Vite', () => npmInstall(folder, '--no-save', vite));
  await Promise.all(
    aloneSteps({
      folder,
      plain,
      isPaper,
      browser,
      step,
      alone: hasTensorFlow ? 'TensorFlow.js alone' : 'no TensorFlow.js',
    }),
  );
  if (examples.every(({ code }, i) => code === plain[i]?.code)) return;

  await step(`our engine (${engineName})`, async () => {
    const more = { [engine]: rangeOf(engine), [backend]: rangeOf(backend) };
    await createProject(folder, { ...packages, ...more }, tarballs);
    if (engineName === 'tensorflow') await run('npx', ['--no-install', 'engine', 'install'], { cwd: folder });
  });
  for (const each of kinds) {
    const env = { TENSOR_PAPERS_ENGINE: engineName };
    await step(`README, ${each.kind}, our engine`, () => runExamples(folder, each, examples, env));
  }
  await step('strict TypeScript, our engine', () =>
    typeCheck(
      folder,
      target,
      examples.map(({ code }) => code),
    ),
  );
}

/** Side by side, as TensorFlow.js alone computes on one core, and slowly. */
function aloneSteps({ folder, plain, isPaper, browser, step, alone }) {
  if (plain.length === 0) return [];
  const inPage = async () =>
    compare(await openPage(await browser(), await buildPage(folder, plain[0].code)), plain[0].output);
  return [
    ...kinds.map((each) => step(`README, ${each.kind}, ${alone}`, () => runExamples(folder, each, plain))),
    ...(isPaper ? [step(`README, in a page built by Vite, ${alone}`, inPage)] : []),
  ];
}

function fail(message) {
  throw new Error(message);
}

/** A folder in the project in which files are of one kind, as in a project of that type. */
function kindFolder(project, { kind, type }) {
  const folder = join(project, kind);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  return folder;
}

/** Entries without types are for jest's configuration, not for programs. */
const specifiers = ({ name, manifest }) =>
  entriesOf(manifest)
    .filter(({ types }) => types)
    .map(({ entry }) => specifierOf(name, entry));

async function importEntries(project, target) {
  const names = JSON.stringify(specifiers(target));
  const print = (load) => `
    const found = {};
    for (const name of ${names}) found[name] = Object.keys(${load}).filter((key) => !/^(default|module\\.exports|__esModule)$/.test(key)).sort();
    console.log(JSON.stringify(found));`;
  const programs = { esm: print('await import(name)'), cjs: print('require(name)') };
  const printed = [];
  for (const each of kinds) {
    const folder = kindFolder(project, each);
    writeFileSync(join(folder, `entries.${each.extension}`), programs[each.kind]);
    printed.push(
      (await run(process.execPath, [`entries.${each.extension}`], { cwd: folder })).trim().split('\n').at(-1),
    );
  }
  if (printed[0] !== printed[1]) fail(`ESM exports ${printed[0]}, CommonJS ${printed[1]}`);
}

/** Entries have to compile without Node's types, examples that use Node's modules with them. */
async function typeCheck(project, target, codes) {
  const folder = kindFolder(project, { kind: 'typescript', type: 'module' });
  const types = specifiers(target).map((name, i) => `export type * as entry${i} from '${name}';\n`);
  writeFileSync(join(folder, 'entries.ts'), types.join(''));
  writeFileSync(join(folder, 'entries.cts'), types.join(''));
  for (const [i, code] of codes.entries()) writeFileSync(join(folder, `example-${i}.ts`), code);
  if (!codes.some(usesNode)) return compile(folder, { include: ['*'] });
  await compile(folder, { include: ['entries.*'] });
  await npmInstall(project, '--no-save', nodeTypes);
  return compile(folder, { include: ['example-*'], types: ['node'] });
}

const usesNode = (code) => importedSpecifiers(code).some(isBuiltin);

async function compile(folder, { include, types = [] }) {
  const config = { compilerOptions: { ...compilerOptions, types }, include };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  try {
    await run(process.execPath, [tsc, '--project', 'tsconfig.json', '--pretty', 'false'], { cwd: folder });
  } catch (error) {
    const ours = typeErrorsOutside(error.output ?? error.message, '@tensorflow');
    if (ours.length > 0) fail(ours.join('\n'));
  }
}

/**
 * What tsc says, without what it says about the declarations of an npm scope. TensorFlow.js 4.22 does not compile with `skipLibCheck: false`
 * (`Long` has no types, `LayersModel` does not fit `InferenceModel`, an index signature in `keras_format`); everything else must.
 */
export function typeErrorsOutside(output, scope) {
  const errors = output.trimEnd().split(/\n(?!\s)/);
  return errors.filter((error) => !error.startsWith(`../node_modules/${scope}/`));
}

async function runExamples(project, each, examples, env) {
  const folder = kindFolder(project, each);
  for (const [i, { code, output }] of examples.entries()) {
    const program = `example-${i}.${each.extension}`;
    writeFileSync(join(folder, program), nodeProgram(code, each.kind));
    compare(await run(process.execPath, [program], { cwd: folder, env }), output);
  }
}

function compare(printed, wanted) {
  if (printed.trimEnd() === wanted.trimEnd()) return;
  fail(`not what the README says:\n${lineDifference(wanted.trimEnd(), printed.trimEnd()).join('\n')}`);
}
