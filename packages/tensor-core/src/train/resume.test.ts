import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { expectSameRun, runIn } from '../../test/killed-runs.js';
import { decodeCheckpoint } from './checkpoint/encode-checkpoint.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'resume-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a run that is killed three times ends like one that is not, to the byte', async () => {
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  const [reference, first] = await Promise.all([runIn(whole), runIn(killed, { afterSteps: 4, delay: 0 })]);
  expect(reference).toMatchObject({ done: true, steps: Array.from({ length: 20 }, (_, i) => i) });
  expect(first.done).toBe(false);
  // It had taken four steps at least, and writes every third.
  const saved = await decodeCheckpoint(readFileSync(join(killed, 'last.safetensors')));
  expect((saved.parts.loop!.values as { steps: number }).steps).toBeGreaterThanOrEqual(3);
  const second = await runIn(killed, { afterSteps: 5, delay: 1 });
  expect(second.done).toBe(false);
  expect(second.steps[0]).toBeGreaterThanOrEqual(3);
  const third = await runIn(killed, { afterSteps: 4, delay: 0 });
  expect(third.done).toBe(false);
  expect((await runIn(killed)).done).toBe(true);
  await expectSameRun(killed, whole);
});
