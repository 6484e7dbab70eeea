import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { replaceSite, SITE_FILE } from './site-folder.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const siteOf = (text: string) => (site: string) => writeFileSync(join(site, SITE_FILE), text);
const published = (out: string) => readFileSync(join(out, SITE_FILE), 'utf8');

it('a site takes the place of an older one, of an empty folder or of none, and nothing else is left', async () => {
  const out = join(folder, 'a', 'api');
  await replaceSite(out, siteOf('first'));
  expect(published(out)).toBe('first');
  writeFileSync(join(out, 'gone.html'), '');
  await replaceSite(out, siteOf('second'));
  expect(published(out)).toBe('second');
  expect(readdirSync(out)).toEqual([SITE_FILE]);
  expect(readdirSync(join(folder, 'a'))).toEqual(['api']);

  mkdirSync(join(folder, 'empty'));
  await replaceSite(join(folder, 'empty'), siteOf('third'));
  expect(published(join(folder, 'empty'))).toBe('third');
});

it('an older site stays when the new one fails', async () => {
  const out = join(folder, 'api');
  await replaceSite(out, siteOf('first'));
  const failing = async (site: string) => {
    siteOf('half')(site);
    throw new Error('no more');
  };
  await expect(replaceSite(out, failing)).rejects.toThrow('no more');
  expect(published(out)).toBe('first');
  expect(readdirSync(folder)).toEqual(['api']);
});

it('what is no site is never replaced', async () => {
  writeFileSync(join(folder, 'thesis.txt'), 'mine');
  await expect(replaceSite(folder, siteOf('site'))).rejects.toThrow('is not empty and holds no API docs (no api.json)');
  await expect(replaceSite(join(folder, 'thesis.txt'), siteOf('site'))).rejects.toThrow('is a file: expected a folder');
  expect(readdirSync(folder)).toEqual(['thesis.txt']);
});
