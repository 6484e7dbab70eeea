import { spawn } from 'node:child_process';

/** Runs a program without a shell; gives its exit code (127 where there is no such program) and the end of what it printed. */
export function run(command, args, { env, cwd, timeoutSeconds = 600 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      keep(`\nstopped after ${timeoutSeconds} s`);
      child.kill('SIGKILL');
    }, timeoutSeconds * 1000);
    const end = (code) => {
      clearTimeout(timer);
      resolve({ code, output: output.trim() });
    };
    child.on('error', (error) => {
      keep(error.message);
      end(error.code === 'ENOENT' ? 127 : 126);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** The line that says most in what a failed program printed: its error if it names one, else the last line that is no stack trace. */
export function lastLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !/^(at |Node\.js v\d|[\^~]+$)/.test(line));
  return lines.findLast((line) => /^(\w*Error|error|fatal)\b.*:/i.test(line)) ?? lines.at(-1) ?? 'no output';
}
