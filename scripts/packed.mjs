// `pnpm check:packed [PACKAGE…] [--only contents,bundles,api,install] [--update] [--keep]`: the packages as a user gets them.
// --update writes the API pages anew; --keep leaves the projects of the install matrix where they are.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle, codeRunOnImport, esbuildOf } from '../tools/packed/bundles.mjs';
import { ceilings, checkSize, kilobytes } from '../tools/packed/ceilings.mjs';
import { checkContents } from '../tools/packed/contents.mjs';
import { entriesOf, specifierOf } from '../tools/packed/entries.mjs';
import { tryInstalled } from '../tools/packed/install-matrix.mjs';
import { lineDifference } from '../tools/packed/line-difference.mjs';
import { apiSurface } from '../tools/packed/surface.mjs';
import { pack, unpack } from '../tools/packed/tarball.mjs';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { launchChromium } from './chromium.mjs';
import { provideEngine } from './provide-engine.mjs';
import { root, runTurbo } from './run.mjs';

const parts = { api: checkApi, contents: packAndCheck, bundles: checkBundles, install: installAll };
const { values, positionals } = readArguments();
const published = readWorkspace(root)
  .filter(({ folder, manifest }) => folder.startsWith('packages/') && !manifest.private)
  .map((each) => ({ ...each, title: each.name, name: each.manifest.name, path: join(root, each.folder) }));
const chosen = choose(positionals);
const findings = [];
const tarballs = {};

const engine = await provideEngine();
const filters = chosen.map(({ name }) => `--filter=${name}...`);
const code = await runTurbo(['build'], { engine, args: ['--output-logs=errors-only', ...filters] });
if (code !== 0) process.exit(code);
const temporary = mkdtempSync(join(tmpdir(), 'tensor-papers-packed-'));
try {
  for (const part of values.only?.split(',') ?? Object.keys(parts)) await parts[part]();
} finally {
  if (values.keep) console.log(`kept: ${temporary}`);
  else rmSync(temporary, { recursive: true, force: true });
}
for (const finding of findings) console.error(finding);
console.log(findings.length === 0 ? 'packed packages: all in order' : `packed packages: ${findings.length} findings`);
process.exit(findings.length === 0 ? 0 : 1);

function readArguments() {
  const options = { only: { type: 'string' }, update: { type: 'boolean' }, keep: { type: 'boolean' } };
  try {
    const read = parseArgs({ options, allowPositionals: true });
    const unknown = read.values.only?.split(',').find((part) => !(part in parts));
    if (unknown !== undefined)
      throw new Error(`--only: expected parts among ${Object.keys(parts).join(', ')}, got '${unknown}'`);
    return read;
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

function choose(names) {
  const unknown = names.find((name) => !published.some((each) => name === each.name || name === each.title));
  if (unknown !== undefined) {
    console.error(`expected packages among ${published.map(({ title }) => title).join(', ')}, got '${unknown}'`);
    process.exit(2);
  }
  return names.length === 0
    ? published
    : published.filter(({ name, title }) => names.includes(name) || names.includes(title));
}

function note({ title }, messages) {
  for (const message of messages) findings.push(`${title}: ${message}`);
}

/** Does something with each package; what it throws is a finding, and the others have their turn. */
async function forEachChosen(action) {
  for (const each of chosen) {
    try {
      await action(each);
    } catch (error) {
      note(each, [error.message]);
    }
  }
}

function checkApi() {
  const pages = join(root, 'tools', 'packed', 'api');
  mkdirSync(pages, { recursive: true });
  return forEachChosen((each) => {
    const page = join(pages, `${each.title}.md`);
    const was = existsSync(page) ? readFileSync(page, 'utf8') : '';
    const is = apiSurface(each.path, each.name, entriesOf(each.manifest));
    if (was === is) return;
    if (values.update) {
      writeFileSync(page, is);
      console.log(`tools/packed/api/${each.title}.md: written`);
      return;
    }
    const difference = lineDifference(was, is).join('\n');
    note(each, [
      `the public API is not that of tools/packed/api/${each.title}.md; where that is meant: \`pnpm check:packed --only api --update\`\n${difference}`,
    ]);
  });
}

function tarballOf({ name, path }) {
  tarballs[name] ??= pack(path, temporary);
  return tarballs[name];
}

/** Packages with what they, their tests and examples need of ours: what the build before has built. */
function withSiblings(packages) {
  const found = new Set(packages);
  for (const { manifest } of found) {
    const needed = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies };
    for (const each of published) if (each.name in needed) found.add(each);
  }
  return found;
}

function packAndCheck() {
  return forEachChosen((each) => {
    const { files, packed, unpacked } = unpack(tarballOf(each), join(temporary, 'unpacked', each.title));
    console.log(`${each.title}: ${files.size} files, packed ${kilobytes(packed)}, unpacked ${kilobytes(unpacked)}`);
    const ceiling = ceilings[each.name];
    note(each, [
      ...checkContents(files),
      ...(each.isPaper && !files.has('paper.json') ? ['paper.json is missing'] : []),
      ...checkSize('packed', packed, ceiling?.packed, `"${each.name}".packed`),
      ...checkSize('unpacked', unpacked, ceiling?.unpacked, `"${each.name}".unpacked`),
    ]);
  });
}

function checkBundles() {
  return forEachChosen(async (each) => {
    const esbuild = await esbuildOf(each.path);
    const ceiling = ceilings[each.name];
    const imports = Object.entries(ceiling?.imports ?? {});
    if (each.isPaper && imports.length === 0) {
      note(each, [
        `no import has a ceiling; set "${each.name}".imports in tools/packed/ceilings.json for its main loss or search`,
      ]);
    }
    for (const [what, most] of imports) {
      const { bytes, nodeModules } = await bundle(esbuild, each.path, `export { ${what} } from '${each.name}';`);
      console.log(`${each.title}: ${what} alone ${kilobytes(bytes)}`);
      note(each, checkSize(`bundle of ${what} alone`, bytes, most, `"${each.name}".imports.${what}`));
      if (nodeModules.length > 0) note(each, [`bundle of ${what} alone needs ${nodeModules.join(', ')}`]);
    }
    for (const { entry } of entriesOf(each.manifest).filter(({ source }) => source)) {
      const specifier = specifierOf(each.name, entry);
      const alone = await bundle(esbuild, each.path, `import '${specifier}';`);
      if (alone.bytes > 0)
        note(each, [`import '${specifier}' alone leaves ${alone.bytes} bytes; is sideEffects false?`]);
      const ran = await codeRunOnImport(esbuild, each.path, specifier);
      note(
        each,
        checkSize(`what import '${specifier}' runs`, ran.bytes, ceiling?.runOnImport, `"${each.name}".runOnImport`),
      );
    }
  });
}

async function installAll() {
  for (const each of withSiblings(chosen)) tarballOf(each);
  const ranges = tensorFlowRanges();
  let browser;
  const launch = async () => {
    browser ??= await launchChromium();
    return browser;
  };
  try {
    for (const each of chosen) {
      const { name, manifest, isPaper, title } = each;
      const target = { name, manifest, isPaper, readme: readFileSync(join(each.path, 'README.md'), 'utf8') };
      const folder = join(temporary, 'projects', title);
      const step = async (what, action) => {
        const startedAt = performance.now();
        let problem;
        try {
          await action();
        } catch (error) {
          problem = error.message;
        }
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        console.log(`${title}: ${what}: ${problem === undefined ? 'ok' : 'failed'} (${seconds} s)`);
        if (problem !== undefined) note(each, [`${what}: ${problem}`]);
        return problem === undefined;
      };
      await step('all of it', () =>
        tryInstalled({ target, folder, tarballs, ranges, engineName: engine, browser: launch, step }),
      );
      if (!values.keep) rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    await browser?.close();
  }
}

/** The versions of TensorFlow.js that our packages allow beside them. */
function tensorFlowRanges() {
  const { peerDependencies } = published.find(({ title }) => title === 'engine').manifest;
  return peerDependencies;
}
