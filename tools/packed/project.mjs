import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const shell = process.platform === 'win32';

/**
 * An empty project with packages from the registry and from our tarballs, nothing else of ours: siblings come from tarballs too.
 *
 * @param packages name → range or path of a tarball, the project's dependencies
 * @param tarballs name → path of every package of ours
 */
export async function createProject(folder, packages, tarballs) {
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'empty-project', private: true, dependencies: packages, overrides: fileRanges(tarballs) };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await npmInstall(folder);
}

/** `npm install`, of more packages or of what package.json says. */
export async function npmInstall(folder, ...packages) {
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  await run('npm', ['install', ...flags, ...packages], { cwd: folder });
}

export const fileRanges = (tarballs) =>
  Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));

/**
 * Runs a program and gives what it printed. An exit code other than 0 is an error with the end of what it said, and all of it as `output`.
 */
export function run(program, args, { cwd, env = {}, minutes = 30 }) {
  const options = { cwd, env: { ...cleanEnvironment(), ...env }, timeout: minutes * 60_000, maxBuffer: 1e8, shell };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.killed) reject(new Error(`${program} ${args.join(' ')}: not done after ${minutes} minutes`));
      else {
        const output = `${stderr}${stdout}` || error.message;
        reject(Object.assign(new Error(`${program} ${args.join(' ')}: ${lastLines(output)}`), { output }));
      }
    });
  });
}

const lastLines = (text) => text.trimEnd().split('\n').slice(-30).join('\n');

/** A user's environment: without settings of ours, and without those that pnpm hands to the scripts it starts. */
function cleanEnvironment() {
  const ours = /^(TENSOR_PAPERS_(?!CACHE$)|NODE_OPTIONS$|npm_(lifecycle|package|command)|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}
