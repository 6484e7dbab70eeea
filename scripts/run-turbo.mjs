import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program in the repository with its output on ours, and gives its exit code. */
export function runProgram(program, args, { env = process.env, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit', shell: process.platform === 'win32' });
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** A program that a devDependency of the root brings. */
export function localProgram(name) {
  const path = join(root, 'node_modules', '.bin', name);
  if (!existsSync(path)) throw new Error(`${name} is not installed: run \`npx -y pnpm@10 install\` in ${root}`);
  return path;
}

/** `turbo run TASKS`, with the name of the engine in the environment so that cached results of another one do not count. */
export function runTurbo(tasks, { engine, args = [] }) {
  const env = {
    ...process.env,
    TENSOR_PAPERS_ENGINE: engine,
    TURBO_TELEMETRY_DISABLED: '1',
    TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? '2',
  };
  return runProgram(localProgram('turbo'), ['run', ...tasks, '--log-order=grouped', ...args], { env });
}
