import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CacheError } from './errors.js';

/** Environment variables, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const oneDay = 24 * 60 * 60 * 1000;

/**
 * Where fetched data sets lie: `$TENSOR_PAPERS_CACHE/data`, else `$XDG_CACHE_HOME/tensor-papers/data`, else the platform's cache
 * folder of the user.
 */
export function cacheRoot(env: Environment = process.env, platform: string = process.platform): string {
  if (env.TENSOR_PAPERS_CACHE) return resolve(env.TENSOR_PAPERS_CACHE, 'data');
  if (env.XDG_CACHE_HOME) return resolve(env.XDG_CACHE_HOME, 'tensor-papers', 'data');
  const home = env.HOME || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'tensor-papers', 'data');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'tensor-papers', 'data');
  return join(home, '.cache', 'tensor-papers', 'data');
}

/** Host names may hold anything; `~` separates the parts of a temporary name. */
const host = hostname().replace(/[^\w.-]/g, '-') || 'host';

/** A path beside `path` that no other process uses, recognisable by `sweepTemporary`. */
export function temporaryPath(path: string): string {
  return `${path}.tmp~${host}~${process.pid}~${randomBytes(4).toString('hex')}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes what stopped fetches left in `folder`: their process is gone, or (on another machine's share) they are a day old. */
export async function sweepTemporary(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names) {
    const [, owner, pid] = /\.tmp~([^~]+)~(\d+)~[0-9a-f]+$/.exec(name) ?? [];
    if (owner === undefined || pid === undefined) continue;
    const path = join(folder, name);
    const touched = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
    const abandoned = owner === host ? !isAlive(Number(pid)) : Date.now() - touched > oneDay;
    if (abandoned) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function asCacheError(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST'].includes(code ?? '')) return error;
  return new CacheError(
    `cannot write the cache ${path} (${code}); set TENSOR_PAPERS_CACHE to a folder that you can write and that has room`,
    { cause: error },
  );
}

/** Makes `folder`, and clears away what stopped fetches left in it. */
export async function openCacheFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw asCacheError(folder, error);
  }
  await sweepTemporary(folder);
}

/** What {@link prepareFolder} needs to know. */
export interface Preparation {
  /** Where the finished folder is to be. */
  readonly folder: string;
  /** Whether what lies there is whole and right. */
  readonly isComplete: () => Promise<boolean>;
  /** Writes everything into a temporary folder, and throws where it cannot. */
  readonly fill: (temporary: string) => Promise<void>;
}

/**
 * Brings a folder into the cache all at once: filled beside its place, then renamed, so that nobody ever sees a half.
 *
 * Two processes that prepare the same folder both fill one of their own; the first rename wins, the other is dropped. A damaged
 * folder is replaced.
 *
 * @throws CacheError, and whatever `fill` throws; the temporary folder is removed in any case
 */
export async function prepareFolder({ folder, isComplete, fill }: Preparation): Promise<void> {
  await openCacheFolder(dirname(folder));
  const temporary = temporaryPath(folder);
  const setAside = temporaryPath(folder);
  try {
    await mkdir(temporary);
    await fill(temporary);
    for (let attempt = 0; ; attempt++) {
      try {
        return await rename(temporary, folder);
      } catch (error) {
        if (attempt === 5) throw error;
        if (await isComplete()) return;
        // A folder cannot be renamed onto another one: the damaged one goes aside first.
        await rename(folder, setAside).catch(() => undefined);
      }
    }
  } catch (error) {
    throw asCacheError(dirname(folder), error);
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    await rm(setAside, { recursive: true, force: true }).catch(() => undefined);
  }
}
