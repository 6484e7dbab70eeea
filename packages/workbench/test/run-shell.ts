import { spawn } from 'node:child_process';
import type { Ended } from './papers-command.js';

/** Runs lines of bash in a folder. */
export function runShell(cwd: string, script: string, env: Record<string, string>): Promise<Ended> {
  const child = spawn('bash', ['-c', script], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}
