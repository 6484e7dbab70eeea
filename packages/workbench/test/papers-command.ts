import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sourceFlags } from '../src/source-flags.js';

const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** Made-up papers. */
export const papers = fileURLToPath(new URL('../fixtures/papers', import.meta.url));

/** Packages with made-up peers. */
export const peerPackages = fileURLToPath(new URL('../fixtures/peers', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves when the condition on stderr holds. */
  until(condition: (stderr: string) => boolean): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** How else a command is started than usual. */
export interface Start {
  /** Flags of node. */
  readonly flags?: readonly string[];
  /** What a shell does instead of running the command, which is `"$@"`. */
  readonly shell?: string;
  /** The user and group that run it. */
  readonly user?: number | undefined;
}

/** Starts `papers ARGS` in `cwd`, on the made-up papers or peers (where the verb takes them) and the engine that is always there. */
export function startPapers(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
  { flags = [], shell = 'exec "$@"', user }: Start = {},
): Command {
  const takesPapers = ['run', 'plan', 'list', 'merge', 'peers'].includes(args[0] ?? '') && !args.includes('--papers');
  const made = args[0] === 'peers' ? peerPackages : papers;
  const node = [process.execPath, ...sourceFlags(), ...flags, program, ...args];
  const command = [...node, ...(takesPapers ? ['--papers', made] : [])];
  const child = spawn('bash', ['-c', shell, 'bash', ...command], {
    cwd,
    env: { ...process.env, TENSOR_PAPERS_ENGINE: 'cpu', NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user !== undefined && { uid: user, gid: user }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  const until = async (condition: (text: string) => boolean) => {
    while (!condition(stderr)) {
      if (child.exitCode !== null)
        throw new Error(`ended with code ${child.exitCode} before what was waited for:\n${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { pid: child.pid!, ended, until, signal: (name) => void child.kill(name) };
}

/** Runs `papers ARGS` to its end. */
export const runPapers = (...args: Parameters<typeof startPapers>): Promise<Ended> => startPapers(...args).ended;
