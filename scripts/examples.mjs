// `pnpm check:examples [NAME…]`: the projects under examples/ as a user has them, with our packages installed from their tarballs.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProject, fileRanges, run } from '../tools/packed/project.mjs';
import { pack } from '../tools/packed/tarball.mjs';
import { readWorkspace } from '../tools/repository/workspace.mjs';
import { launchChromium } from './chromium.mjs';
import { provideEngine } from './provide-engine.mjs';
import { root, runTurbo } from './run.mjs';

/** What each prints or shows; an error where it is something else. */
const checks = {
  'image-search': async (folder) => {
    const printed = await run('npm', ['--silent', 'start'], { cwd: folder });
    const [, hits, asked] = /of the same class for (\d+) of (\d+)\n$/.exec(printed) ?? fail(`it printed:\n${printed}`);
    if (Number(hits) < 0.8 * Number(asked))
      fail(`the nearest other image is of the same class for ${hits} of ${asked}`);
    return printed;
  },
  'distil-your-model': async (folder) => {
    const printed = await run('npm', ['--silent', 'start'], { cwd: folder });
    const scores = [...printed.matchAll(/generation \d: test accuracy (\d+\.\d) %/g)].map(([, score]) => Number(score));
    if (scores.length !== 3 || scores.some((score) => score < 60)) fail(`it printed:\n${printed}`);
    if (!existsSync(join(folder, 'generations', 'generations.json'))) fail('no generations were saved');
    return printed;
  },
  'search-in-a-page': async (folder) => {
    await run('npm', ['--silent', 'run', 'build'], { cwd: folder });
    return usePage(join(folder, 'dist'));
  },
};

const names = process.argv.slice(2);
const known = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const unknown = names.find((name) => !known.includes(name));
if (unknown !== undefined) {
  console.error(`expected examples among ${known.join(', ')}, got '${unknown}'`);
  process.exit(2);
}

const engine = await provideEngine();
const built = await runTurbo(['build'], { engine, args: ['--output-logs=errors-only'] });
if (built !== 0) process.exit(built);
const temporary = mkdtempSync(join(tmpdir(), 'tensor-papers-examples-'));
let failed = false;
try {
  const tarballs = packAll();
  for (const name of names.length > 0 ? names : known) {
    const startedAt = performance.now();
    try {
      const said = await runExample(name, tarballs);
      console.log(`${name}: ok (${((performance.now() - startedAt) / 1000).toFixed(0)} s)\n${said.trimEnd()}`);
    } catch (error) {
      failed = true;
      console.error(`${name}: ${error.message}`);
    }
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

function fail(message) {
  throw new Error(message);
}

function packAll() {
  const published = readWorkspace(root).filter(
    ({ folder, manifest }) => folder.startsWith('packages/') && !manifest.private,
  );
  return Object.fromEntries(
    published.map(({ manifest, folder }) => [manifest.name, pack(join(root, folder), temporary)]),
  );
}

/** The example in a folder outside the repository, with what its package.json asks for. */
async function runExample(name, tarballs) {
  const check = checks[name] ?? fail('scripts/examples.mjs does not say what it prints or shows');
  const folder = join(temporary, name);
  cpSync(join(root, 'examples', name), folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const ours = fileRanges(tarballs);
  const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const packages = Object.fromEntries(asked.map(([each, range]) => [each, ours[each] ?? range]));
  await createProject(folder, packages, tarballs);
  const installed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, ...installed }));
  if ('@tensor-papers/engine' in packages && engine === 'tensorflow') {
    await run('npx', ['--no-install', 'engine', 'install'], { cwd: folder });
  }
  return check(folder);
}

/** Chooses a picture in the page, and reads what is found. */
async function usePage(files) {
  const types = { '/': 'text/html', '.js': 'text/javascript' };
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : request.url;
    const type = types[request.url] ?? types[/\.\w+$/.exec(path)?.[0]] ?? 'application/octet-stream';
    if (!existsSync(join(files, path))) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type }).end(readFileSync(join(files, path)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.locator('#gallery button').nth(29).waitFor({ timeout: 120_000 });
    await page.locator('#gallery button').first().click();
    await page.locator('#found figure').nth(10).waitFor({ timeout: 10_000 });
    const found = await page.locator('#found figcaption').allTextContents();
    if (problems.length > 0) fail(problems.join('; '));
    if (found.length !== 11 || !found[0].endsWith(', 0 bits')) fail(`the page found ${found.join('; ')}`);
    return `${await page.locator('#status').textContent()}: ${found.slice(0, 6).join('; ')}`;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}
