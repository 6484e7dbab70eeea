import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import * as tf from '@tensorflow/tfjs';

const packageFolder = join(__dirname, '..');
const workbench = createRequire(__filename).resolve('@tensor-papers/workbench/package.json');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trinet-resume-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs test/resumed-run.ts in a folder. @param afterSteps kills it after that many steps @returns how many it took */
function runIn(name: string, kill?: { afterSteps: number; delay: number }): Promise<number> {
  const tsx = pathToFileURL(createRequire(workbench).resolve('tsx')).href;
  const flags = ['--conditions=@tensor-papers/source', '--import', tsx, join(packageFolder, 'test', 'resumed-run.ts')];
  const child = spawn(process.execPath, [...flags, join(folder, name)], {
    cwd: packageFolder,
    env: { ...process.env, TENSOR_PAPERS_ENGINE: tf.getBackend(), TENSOR_PAPERS_THREADS: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let steps = 0;
  createInterface({ input: child.stdout }).on('line', () => {
    steps += 1;
    if (steps === kill?.afterSteps) setTimeout(() => child.kill('SIGKILL'), kill.delay);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(steps);
      else reject(new Error(`the run ended with code ${code}`));
    });
  });
}

it('a process killed at twelve random moments, in steps and between phases, ends like one that is not', async () => {
  const total = await runIn('whole');
  const final = (name: string) => join(folder, name, 'final.json');
  const rng = createRng(3).stream('kills');
  let kills = 0;
  for (let run = 0; kills < 12; run++) {
    const name = `killed-${run}`;
    for (;;) {
      const steps = await runIn(name, { afterSteps: 1 + rng.integer(12), delay: rng.uniform() * 40 });
      if (existsSync(final(name))) break;
      expect(steps).toBeLessThan(total);
      kills += 1;
    }
    expect(readFileSync(final(name), 'utf8')).toBe(readFileSync(final('whole'), 'utf8'));
  }
});
