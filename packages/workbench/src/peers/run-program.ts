import { spawn } from 'node:child_process';

/** Where a program runs, and what ends it early. */
export interface ProgramOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program. */
  readonly stop: AbortSignal;
  /** Ends a program that does not listen. */
  readonly kill: AbortSignal;
}

/** What a program came to. */
export interface ProgramEnd {
  readonly stdout: string;
  /** Why it failed, in one line; undefined where it ended with code 0. */
  readonly problem: string | undefined;
}

/** The line of an output that says most: an error, else the last one. */
function tellingLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(at |Node\.js v\d|[\^~]+$)/.test(line));
  return lines.findLast((line) => /^(\w*Error|error|fatal)\b.*:/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}

/** Runs a program without a shell; undefined when it was stopped. */
export function runProgram(
  [program, ...args]: readonly string[],
  { cwd, env, stop, kill }: ProgramOptions,
): Promise<ProgramEnd | undefined> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve(undefined);
    const child = spawn(program!, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr = (stderr + text).slice(-4000);
    });
    const onStop = () => void child.kill('SIGTERM');
    const onKill = () => void child.kill('SIGKILL');
    stop.addEventListener('abort', onStop);
    kill.addEventListener('abort', onKill);
    const end = (problem: string | undefined) => {
      stop.removeEventListener('abort', onStop);
      kill.removeEventListener('abort', onKill);
      resolve(stop.aborted ? undefined : { stdout, problem });
    };
    child.on('error', (error: NodeJS.ErrnoException) => end(`it cannot be started (${error.code ?? error.message})`));
    child.on('close', (code, signal) => {
      if (code === 0) return end(undefined);
      const how = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
      // A terminal sends Ctrl-C to the program as well, and that may be heard there first.
      const wait = signal === 'SIGINT' ? 100 : 0;
      setTimeout(() => end(`${how}: ${tellingLine(stderr || stdout)}`), wait);
    });
  });
}
