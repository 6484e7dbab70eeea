import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { lockFolder } from './folder-lock.js';

const folder = temporaryFolder();
const lock = () => join(folder(), '.seeds', 'lock');
const leave = (...path: string[]) => mkdirSync(join(folder(), '.seeds', ...path), { recursive: true });
const deadPid = () => spawnSync(process.execPath, ['--version']).pid;

it('keeps others out until it is released', () => {
  leave('lock', `${process.ppid}@${hostname()}`);
  expect(() => lockFolder(folder())).toThrow(expect.objectContaining({ code: 'papers/folder-in-use' }));
  expect(() => lockFolder(folder())).toThrow(new RegExp(`process ${process.ppid} on ${hostname()}.* delete ${lock()}`));
  expect(readdirSync(join(folder(), '.seeds'))).toEqual(['lock']);
});

it('believes a lock of another machine', () => {
  leave('lock', `1@not-${hostname()}`);
  expect(() => lockFolder(folder())).toThrow(/in use/);
});

it('takes over what a dead process left, and removes what it had not finished', () => {
  const pid = deadPid();
  for (const left of [`${pid}@${hostname()}`, '']) {
    leave('lock', left);
    leave(`.lock.tmp-${pid}-01234567`, `${pid}@${hostname()}`);
    const release = lockFolder(folder());
    expect(readdirSync(lock())).toEqual([`${process.pid}@${hostname()}`]);
    expect(readdirSync(join(folder(), '.seeds'))).toEqual(['lock']);
    release();
    expect(existsSync(lock())).toBe(false);
  }
});

it('leaves what a living process has not finished', () => {
  const living = `.lock.tmp-${process.ppid}-01234567`;
  leave(living, 'x');
  lockFolder(folder())();
  expect(readdirSync(join(folder(), '.seeds'))).toEqual([living]);
});

it('says which folder cannot be written', () => {
  writeFileSync(join(folder(), 'file'), '');
  expect(() => lockFolder(join(folder(), 'file'))).toThrow(/file cannot be written \(E\w+\); name another folder/);
  mkdirSync(join(folder(), 'out', '.seeds'), { recursive: true });
  writeFileSync(join(folder(), 'out', '.seeds', 'lock'), '');
  expect(() => lockFolder(join(folder(), 'out'))).toThrow(/out cannot be written \(ENOTDIR\)/);
  expect(readdirSync(join(folder(), 'out', '.seeds'))).toEqual(['lock']);
});
