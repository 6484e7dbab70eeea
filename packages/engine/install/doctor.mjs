import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InstallError } from './install-error.mjs';

const condition = '--conditions=@tensor-papers/source';

/** How Node runs the compiled package; in the repository, whose tsconfig.json is not published, its sources: a build may be an old one. */
function howToRun() {
  const built = new URL('../dist/index.js', import.meta.url);
  const isRepository = existsSync(new URL('../tsconfig.json', import.meta.url));
  if (existsSync(built) && !isRepository) return { flags: [], module: built.href };
  const source = new URL('../src/index.ts', import.meta.url);
  try {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    return { flags: [condition, '--import', tsx], module: source.href };
  } catch (error) {
    throw new InstallError('engine/not-built', 'engine: the package is not built; run its `build` script first', {
      cause: error,
    });
  }
}

/**
 * Runs a program of this folder, whose first argument is the url of the package's module, in a process of its own: an engine that
 * crashes while it loads is reported too.
 * @returns the exit code
 */
export function runProgram(file, args, { env, what }) {
  const { flags, module } = howToRun();
  const program = fileURLToPath(new URL(file, import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, program, module, ...args], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('close', (code, signal) => {
      if (signal) console.error(`engine: ${signal} stopped ${what}'s process: the engine crashes on this machine`);
      resolve(code ?? 1);
    });
  });
}

/** @returns the exit code */
export function runDoctor({ json, env }) {
  return runProgram('./doctor-process.mjs', json ? ['--json'] : [], { env, what: 'the doctor' });
}
