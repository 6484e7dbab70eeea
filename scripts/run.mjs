import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program with its output on ours, and gives its exit code; an interrupt is left to the program to answer. */
export function runProgram(program, args, { env = process.env, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' });
    // A terminal sends Ctrl-C to the child as well; a signal from elsewhere has to be handed on.
    const onInterrupt = () => process.stdin.isTTY || child.kill('SIGINT');
    const onTerminate = () => child.kill('SIGTERM');
    process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
    const end = (code) => {
      process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      end(1);
    });
    child.on('exit', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** A program that a devDependency of the root brings. */
export function localProgram(name) {
  const path = join(root, 'node_modules', '.bin', name);
  if (!existsSync(path)) throw new Error(`${name} is not installed: run \`npx -y pnpm@10 install\` in ${root}`);
  return path;
}

/** Runs a TypeScript program of a package from its sources. */
export function runSource(folder, program, args, options) {
  const tsx = pathToFileURL(createRequire(join(root, folder, 'package.json')).resolve('tsx')).href;
  return runProgram(
    process.execPath,
    ['--conditions=@tensor-papers/source', '--import', tsx, join(root, folder, program), ...args],
    options,
  );
}

/** `turbo run TASKS`, with the name of the engine in the environment so that cached results of another one do not count. */
export function runTurbo(tasks, { engine, args = [], logOrder = 'grouped' }) {
  const env = {
    ...process.env,
    TENSOR_PAPERS_ENGINE: engine,
    TURBO_TELEMETRY_DISABLED: '1',
    TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
  };
  return runProgram(localProgram('turbo'), ['run', ...tasks, `--log-order=${logOrder}`, ...args], { env });
}
