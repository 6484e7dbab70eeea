import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
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
    if (deep && (await checksum(join(folder, path))) !== sha256) return `${path} has another checksum than it was installed with`;
  }
  return undefined;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes what interrupted installations left beside the finished ones. */
function sweep(cache) {
  for (const name of readdirSync(cache)) {
    const pid = /\.tmp-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

async function lock(path, log) {
  let said = false;
  for (;;) {
    try {
      mkdirSync(path);
      writeFileSync(join(path, 'pid'), String(process.pid));
      return () => rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pidFile = join(path, 'pid');
    const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    // A holder writes its id right after it made the folder; one without an id for seconds died in between.
    if (pid ? !isAlive(pid) : age > 5000) {
      rmSync(path, { recursive: true, force: true });
      continue;
    }
    if (!said) log(`engine: another installation is running (process ${pid}); waiting for it`);
    said = true;
    await sleep(200);
  }
}

/**
 * The finished folder `<cache>/<key>`, built by `build(temporaryFolder)` if it is not there: written beside, marked, then renamed,
 * so that nobody ever sees a half. A second process waits for the first. `build` returns the files to be checked later.
 */
export async function obtain(cache, key, build, log) {
  const folder = join(cache, key);
  try {
    mkdirSync(cache, { recursive: true });
  } catch (error) {
    throw new InstallError('engine/cache-not-writable', `cannot write the cache ${dirname(folder)} (${error.code}); set TENSOR_PAPERS_CACHE to a folder that you can write`, { cause: error });
  }
  let release;
  try {
    release = await lock(`${folder}.lock`, log);
  } catch (error) {
    throw new InstallError('engine/cache-not-writable', `cannot write the cache ${cache} (${error.code}); set TENSOR_PAPERS_CACHE to a folder that you can write`, { cause: error });
  }
  const temporary = `${folder}.tmp-${process.pid}`;
  try {
    sweep(cache);
    const damage = await findDamage(folder);
    if (damage === undefined) return folder;
    if (existsSync(folder)) log(`engine: the cached engine is damaged (${damage}); installing it again`);
    mkdirSync(temporary, { recursive: true });
    await markComplete(temporary, await build(temporary));
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    return folder;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
    release();
  }
}
