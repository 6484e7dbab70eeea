import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheRoot, prepareFolder, sweepTemporary, temporaryPath } from './cache.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('cacheRoot', () => {
  it('follows the environment, then the platform', () => {
    const home = resolve('/somebody');
    expect(cacheRoot({ TENSOR_PAPERS_CACHE: '/c', XDG_CACHE_HOME: '/x', HOME: home }, 'linux')).toBe(
      resolve('/c/data'),
    );
    expect(cacheRoot({ TENSOR_PAPERS_CACHE: 'c' }, 'linux')).toBe(resolve('c/data'));
    expect(cacheRoot({ XDG_CACHE_HOME: '/x', HOME: home }, 'linux')).toBe(resolve('/x/tensor-papers/data'));
    expect(cacheRoot({ TENSOR_PAPERS_CACHE: '', HOME: home }, 'linux')).toBe(join(home, '.cache/tensor-papers/data'));
    expect(cacheRoot({ HOME: home }, 'darwin')).toBe(join(home, 'Library/Caches/tensor-papers/data'));
    expect(cacheRoot({ HOME: home, LOCALAPPDATA: '/local' }, 'win32')).toBe(join('/local/tensor-papers/data'));
    expect(cacheRoot({ HOME: home }, 'win32')).toBe(join(home, 'AppData/Local/tensor-papers/data'));
    expect(cacheRoot({}, 'linux')).toBe(join(homedir(), '.cache/tensor-papers/data'));
  });
});

describe('sweepTemporary', () => {
  it('removes what a dead process left, and keeps what is in use or not its own', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const mine = temporaryPath(join(folder, 'set'));
    const abandoned = mine.replace(`~${process.pid}~`, `~${dead}~`);
    const elsewhere = join(folder, 'set.tmp~another-machine~1~00ff');
    const old = join(folder, 'set.tmp~another-machine~2~00ff');
    const others = ['set', 'set.tmp', 'notes.tmp~x'].map((name) => join(folder, name));
    for (const path of [mine, abandoned, elsewhere, old, ...others]) {
      await mkdir(path);
      await writeFile(join(path, 'file'), 'x');
    }
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(old, twoDaysAgo, twoDaysAgo);
    await sweepTemporary(folder);
    for (const path of [mine, elsewhere, ...others]) expect(existsSync(path)).toBe(true);
    for (const path of [abandoned, old]) expect(existsSync(path)).toBe(false);
    await sweepTemporary(join(folder, 'none'));
  });
});

describe('prepareFolder', () => {
  const fill = (text: string) => (temporary: string) => writeFile(join(temporary, 'file'), text);
  const read = (target: string) => readFile(join(target, 'file'), 'utf8');

  it('shows the folder only when it is whole, and leaves nothing beside it', async () => {
    const target = join(folder, 'deep', 'set');
    const seen: boolean[] = [];
    await prepareFolder({
      folder: target,
      isComplete: async () => false,
      fill: async (temporary) => {
        await fill('x')(temporary);
        seen.push(existsSync(target));
      },
    });
    expect(seen).toEqual([false]);
    expect(await read(target)).toBe('x');
    expect(await readdir(join(folder, 'deep'))).toEqual(['set']);
  });

  it('leaves nothing when filling fails', async () => {
    const failing = async (temporary: string) => {
      await fill('half')(temporary);
      throw new Error('no more');
    };
    const target = join(folder, 'set');
    await expect(prepareFolder({ folder: target, isComplete: async () => false, fill: failing })).rejects.toThrow(
      'no more',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps a whole folder that another process put there meanwhile, and replaces a damaged one', async () => {
    const target = join(folder, 'set');
    await mkdir(target);
    await writeFile(join(target, 'file'), 'theirs');
    await prepareFolder({ folder: target, isComplete: async () => true, fill: fill('mine') });
    expect(await read(target)).toBe('theirs');
    await prepareFolder({
      folder: target,
      isComplete: async () => (await read(target)) === 'mine',
      fill: fill('mine'),
    });
    expect(await read(target)).toBe('mine');
    expect(await readdir(folder)).toEqual(['set']);
  });
});
