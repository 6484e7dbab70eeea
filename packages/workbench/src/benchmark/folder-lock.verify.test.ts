import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { sourceFlags } from '../source-flags.js';

const folder = temporaryFolder();
const program = join(__dirname, '..', '..', 'test', 'lock-contender.ts');

function contend(): Promise<{ code: number | null; signal: string | null; had: number }> {
  const child = spawn(process.execPath, [...sourceFlags(), program, folder(), '2000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
  });
  return new Promise((done) =>
    child.on('close', (code, signal) => done({ code, signal, had: said.split('\n').length - 1 })),
  );
}

it('is never had by two, and never by none for good, while its owners are killed', async () => {
  let [had, kills] = [0, 0];
  const work = async () => {
    for (let start = 0; start < 12; start++) {
      const ended = await contend();
      expect(ended.signal === 'SIGKILL' || ended.code === 0).toBe(true);
      had += ended.had;
      kills += ended.signal === 'SIGKILL' ? 1 : 0;
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  expect(kills).toBeGreaterThan(20);
  expect(had).toBeGreaterThan(1000);
});
