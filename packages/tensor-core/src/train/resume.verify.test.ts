import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import { expectSameRun, runIn } from '../../test/killed-runs.js';
import { decodeCheckpoint } from './checkpoint/encode-checkpoint.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'resume-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('runs killed at 24 random moments end like one that is not, and never leave a broken checkpoint', async () => {
  const whole = join(folder, 'whole');
  expect((await runIn(whole)).done).toBe(true);
  const rng = createRng(20).stream('kills');
  let kills = 0;
  for (let run = 0; kills < 24; run++) {
    const killed = join(folder, `killed-${run}`);
    for (;;) {
      const moment = { afterSteps: 1 + rng.integer(9), delay: rng.uniform() * 6 };
      const { done } = await runIn(killed, moment);
      if (done) break;
      kills += 1;
      const last = join(killed, 'last.safetensors');
      if (existsSync(last)) await decodeCheckpoint(readFileSync(last));
    }
    await expectSameRun(killed, whole);
  }
});
