import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { decodeCheckpoint } from '../src/train/checkpoint/encode-checkpoint.js';

const packageFolder = join(__dirname, '..');

function start(folder: string): ChildProcess {
  const tsx = pathToFileURL(createRequire(join(packageFolder, 'package.json')).resolve('tsx')).href;
  const flags = ['--conditions=@tensor-papers/source', '--import', tsx];
  return spawn(process.execPath, [...flags, join(packageFolder, 'test', 'resumed-run.ts'), folder], {
    cwd: packageFolder,
    env: { ...process.env, TENSOR_PAPERS_ENGINE: tf.getBackend(), TENSOR_PAPERS_THREADS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** How a run ended. */
export interface RunEnd {
  readonly done: boolean;
  /** Steps that it said it took. */
  readonly steps: readonly number[];
}

/**
 * Runs `test/resumed-run.ts` in a folder.
 *
 * @param kill kills it that many milliseconds after it said it took that many steps
 */
export function runIn(folder: string, kill?: { afterSteps: number; delay: number }): Promise<RunEnd> {
  mkdirSync(folder, { recursive: true });
  const child = start(folder);
  const steps: number[] = [];
  let done = false;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    if (line === 'done') done = true;
    const [, step] = /^step (\d+)$/.exec(line) ?? [];
    if (step === undefined) return;
    steps.push(Number(step));
    if (kill !== undefined && steps.length === kill.afterSteps) setTimeout(() => child.kill('SIGKILL'), kill.delay);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve({ done, steps });
      else reject(new Error(`the run ended with code ${code}`));
    });
  });
}

/** Fails unless two finished runs left the same weights, optimiser, average, history and log, byte for byte. */
export async function expectSameRun(folder: string, expected: string): Promise<void> {
  const read = (name: string) => [folder, expected].map((each) => readFileSync(join(each, name))) as [Buffer, Buffer];
  for (const name of ['log.jsonl', 'history.json']) {
    const [got, wanted] = read(name);
    expect(got.toString()).toBe(wanted.toString());
  }
  const [got, wanted] = read('final.safetensors');
  // Says what differs, where something does.
  if (!got.equals(wanted)) expect(await decodeCheckpoint(got)).toEqual(await decodeCheckpoint(wanted));
  expect(got.equals(wanted)).toBe(true);
}
