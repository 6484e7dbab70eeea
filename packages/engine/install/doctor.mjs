import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InstallError } from './install-error.mjs';

/** How Node runs the compiled package, or its sources in the repository. */
function howToRun() {
  const built = new URL('../dist/index.js', import.meta.url);
  if (existsSync(built)) return { flags: [], module: built.href };
  const source = new URL('../src/index.ts', import.meta.url);
  try {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    return { flags: ['--conditions=@tensor-papers/source', '--import', tsx], module: source.href };
  } catch (error) {
    throw new InstallError('engine/not-built', 'engine: the package is not built; run its `build` script first', {
      cause: error,
    });
  }
}

/**
 * Runs the doctor in a process of its own, so that an engine that crashes while it loads is reported too.
 * @returns the exit code
 */
export function runDoctor({ json, env }) {
  const { flags, module } = howToRun();
  const program = fileURLToPath(new URL('./doctor-process.mjs', import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, program, module, ...(json ? ['--json'] : [])], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('close', (code, signal) => {
      if (signal) console.error(`engine: ${signal} stopped the doctor's process: the engine crashes on this machine`);
      resolve(code ?? 1);
    });
  });
}
