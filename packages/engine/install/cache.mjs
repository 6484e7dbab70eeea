import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InstallError } from './install-error.mjs';

const marker = 'complete.json';

/** `$TENSOR_PAPERS_CACHE/engine`, `$XDG_CACHE_HOME/tensor-papers/engine`, or the platform's cache folder. */
export function engineCache(env, platform = process.platform) {
  if (env.TENSOR_PAPERS_CACHE) return join(env.TENSOR_PAPERS_CACHE, 'engine');
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'tensor-papers', 'engine');
  const home = env.HOME || homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'tensor-papers', 'engine');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'tensor-papers', 'engine');
  return join(home, '.cache', 'tensor-papers', 'engine');
}

async function checksum(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Marks a folder as complete: names, sizes and checksums of the files that make the engine. */
export async function markComplete(folder, files) {
  const entries = [];
  for (const path of files) {
    entries.push({ path, bytes: statSync(join(folder, path)).size, sha256: await checksum(join(folder, path)) });
  }
  writeFileSync(join(folder, marker), `${JSON.stringify({ files: entries }, null, 2)}\n`);
}

/** Why a folder is not a usable engine, or undefined when it is. `deep` reads every byte; otherwise sizes are compared. */
export async function findDamage(folder, { deep = false } = {}) {
  let files;
  try {
    ({ files } = JSON.parse(readFileSync(join(folder, marker), 'utf8')));
  } catch {
    return existsSync(folder) ? 'it was never completed' : 'it does not exist';
  }
  for (const { path, bytes, sha256 } of files) {
    const size = statSync(join(folder, path), { throwIfNoEntry: false })?.size;
    if (size === undefined) return `${path} is missing`;
    if (size !== bytes) return `${path} has ${size} bytes instead of ${bytes}`;
    if (deep && (await checksum(join(folder, path))) !== sha256)
      return `${path} has another checksum than it was installed with`;
  }
  return undefined;
}

/** Whether a process of this machine runs. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes what interrupted installations left beside the finished ones. The lock of `key` is held. */
function sweep(cache, key) {
  for (const name of readdirSync(cache)) {
    const [, owner, pid] = /^(.*)\.tmp-(\d+)$/.exec(name) ?? [];
    if (pid && (owner === key || !isAlive(Number(pid)))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

const holderFile = 'holder.json';

function holderOf(path) {
  try {
    return JSON.parse(readFileSync(join(path, holderFile), 'utf8'));
  } catch {
    return undefined;
  }
}

/** A holder writes its name right after it made the folder and touches the folder while it works. */
function isAbandoned(path, holder) {
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (touched === undefined) return false;
  const silence = Date.now() - touched;
  // Not by the process id alone: in a container, or after a restart, another process may have it.
  if (silence > 60_000) return true;
  return holder ? holder.host === hostname() && !isAlive(holder.pid) : silence > 5000;
}

/** Moves an abandoned lock out of the way; one that somebody else has renewed in the meantime is put back. */
function removeAbandoned(path, holder) {
  const aside = `${path}-${process.pid}`;
  try {
    renameSync(path, aside);
    if (holderOf(aside)?.token === holder?.token) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

async function lock(path, log) {
  const own = { pid: process.pid, host: hostname(), token: randomUUID() };
  let said = false;
  for (;;) {
    try {
      mkdirSync(path);
      writeFileSync(join(path, holderFile), JSON.stringify(own));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = holderOf(path);
    if (isAbandoned(path, holder)) {
      removeAbandoned(path, holder);
      continue;
    }
    if (!said)
      log(`engine: another installation is running${holder ? ` (process ${holder.pid})` : ''}; waiting for it`);
    said = true;
    await sleep(200);
  }
  const touch = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Somebody removed the whole cache; the build will notice.
    }
  }, 5000);
  touch.unref();
  return () => {
    clearInterval(touch);
    if (holderOf(path)?.token === own.token) rmSync(path, { recursive: true, force: true });
  };
}

/**
 * The finished folder `<cache>/<key>`, built by `build(temporaryFolder)` if it is not there: written beside, marked, then renamed,
 * so that nobody ever sees a half. A second process waits for the first. `build` returns the files to be checked later.
 * With `reinstall` it is built in any case, after a check of every byte: an undamaged one stays until the new one is complete.
 * @throws InstallError engine/cache-not-writable, and whatever `build` throws
 */
export async function obtain(cache, key, build, log, { reinstall = false } = {}) {
  const folder = join(cache, key);
  const temporary = `${folder}.tmp-${process.pid}`;
  let release = () => {};
  try {
    mkdirSync(cache, { recursive: true });
    release = await lock(`${folder}.lock`, log);
    sweep(cache, key);
    const damage = await findDamage(folder, { deep: reinstall });
    if (damage === undefined && !reinstall) return folder;
    if (damage !== undefined && existsSync(folder)) {
      log(`engine: the cached ${key} is damaged (${damage}); installing it again`);
      rmSync(folder, { recursive: true, force: true });
    }
    mkdirSync(temporary);
    await markComplete(temporary, await build(temporary));
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return folder;
  } catch (error) {
    if (!error.syscall) throw error;
    throw new InstallError(
      'engine/cache-not-writable',
      `cannot write the cache ${cache} (${error.code}); set TENSOR_PAPERS_CACHE to a folder that you can write`,
      { cause: error },
    );
  } finally {
    // Where the cache cannot be written there is nothing to tidy either.
    if (existsSync(temporary)) rmSync(temporary, { recursive: true, force: true });
    release();
  }
}
