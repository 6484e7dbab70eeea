import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from '@jest/globals';
import { createRng } from '@tensor-papers/numerics/random';
import {
  expectFinished,
  expectResumes,
  expectWholeFiles,
  numbersOf,
  resultFile,
  runKilledAt,
  standard,
} from './killed-runs.js';
import { runPapers, startPapers } from './papers-command.js';
import { temporaryFolder } from './temporary-folder.js';

const folder = temporaryFolder();
let numbers: ReturnType<typeof numbersOf>;
let runMilliseconds: number;

const newFolder = (name: string) => {
  mkdirSync(join(folder(), name));
  return join(folder(), name);
};

beforeEach(async () => {
  const startedAt = performance.now();
  const whole = newFolder('whole');
  expect((await runPapers(whole, standard)).code).toBe(0);
  runMilliseconds = performance.now() - startedAt;
  numbers = numbersOf(resultFile(whole));
});

it('a run that is killed before any change of a file resumes to the same numbers', async () => {
  let changes = 0;
  for (;;) {
    const killed = newFolder(String(changes));
    const { code } = await runKilledAt(killed, '', changes + 1);
    await expectResumes(killed, numbers);
    if (code === 0) break;
    expect(code).toBeNull();
    changes += 1;
  }
  // Folders, probes, lock; two halves and a rename for each of three seeds and the result; the lock again.
  expect(changes).toBeGreaterThan(4 * 3 + 10);
}, 3_600_000);

it('runs killed at 60 random moments, again and again until they are done, end with the same numbers', async () => {
  const rng = createRng(20).stream('kills');
  let kills = 0;
  for (let run = 0; kills < 60; run++) {
    const killed = newFolder(String(run));
    // Longer each time: on a machine that became slow none would be done otherwise.
    for (let longest = 1.2 * runMilliseconds; ; longest *= 1.2) {
      const command = startPapers(killed, [...standard, '--resume']);
      const timer = setTimeout(() => command.signal('SIGKILL'), rng.uniform() * longest);
      const { code } = await command.ended;
      clearTimeout(timer);
      expectWholeFiles(killed);
      if (code === 0) break;
      expect(code).toBeNull();
      kills += 1;
    }
    expectFinished(killed, numbers);
  }
}, 3_600_000);
