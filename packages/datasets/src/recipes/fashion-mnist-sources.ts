import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot, type Environment, openCacheFolder, prepareFolder } from '../cache.js';
import { sha256OfFile, sha256OfList } from '../checksum.js';
import type { FetchedDataSet, FetchOptions } from '../data-set-entry.js';
import { ChecksumError, DataUnavailableError, type FailedSource } from '../errors.js';
import { readIdxFile } from '../readers/idx.js';
import { unpackDebianPackage } from '../sources/debian-package.js';
import { downloadFile } from '../sources/download-file.js';
import {
  fashionMnistCitation,
  fashionMnistFiles,
  fashionMnistLicence,
  type PublishedFile,
} from './fashion-mnist-files.js';

const id = 'fashion-mnist';

/** What is looked for, and where outside the cache; only tests name others. */
export interface Places {
  readonly files: readonly PublishedFile[];
  /** Where the Debian package `dataset-fashion-mnist` puts the files. */
  readonly installed: string;
  /** Folders on the net that hold the files, in the order in which they are tried. */
  readonly hosts: readonly string[];
  /** How long a host may be silent. */
  readonly silenceMilliseconds: number;
  readonly commandMilliseconds: number;
}

export const defaultPlaces: Places = {
  files: fashionMnistFiles,
  installed: '/usr/share/datasets/fashion-mnist',
  hosts: [
    'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
    // The address that the authors publish has no https; the checksum is what is trusted.
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  ],
  silenceMilliseconds: 10_000,
  commandMilliseconds: 300_000,
};

/** A folder of this machine that has all four files, not verified yet. */
export interface LocalFolder {
  readonly source: 'user folder' | 'cache' | 'installed package';
  readonly folder: string;
}

/** The published file in `folder`, compressed or not. */
export function pathOf(folder: string, { name }: PublishedFile): string | undefined {
  return [join(folder, `${name}.gz`), join(folder, name)].find((path) => existsSync(path));
}

/** The folders that hold Fashion-MNIST on this machine, first the user's own. */
export function localFolders(env: Environment, places: Places): LocalFolder[] {
  const candidates: LocalFolder[] = [
    ...(env.TENSOR_PAPERS_DATA ? [{ source: 'user folder' as const, folder: join(env.TENSOR_PAPERS_DATA, id) }] : []),
    { source: 'cache', folder: join(cacheRoot(env), id) },
    { source: 'installed package', folder: places.installed },
  ];
  return candidates.filter(({ folder }) => places.files.every((file) => pathOf(folder, file)));
}

/**
 * Reads one of the files and compares its contents with the published ones.
 *
 * @throws DataFormatError, ChecksumError
 */
export async function readPublished(folder: string, file: PublishedFile, signal?: AbortSignal): Promise<Uint8Array> {
  const path = pathOf(folder, file) ?? join(folder, `${file.name}.gz`);
  const { data, sha256 } = await readIdxFile(path, {
    dimensions: file.dimensions,
    maximumBytes: file.contents.bytes,
    ...(signal ? { signal } : {}),
  });
  if (sha256 !== file.contents.sha256) {
    throw new ChecksumError(
      `${path}: expected the published contents with sha256 ${file.contents.sha256}, got ${sha256}; remove the file to have it fetched again`,
    );
  }
  return data;
}

async function verifyFolder(folder: string, { files }: Places, signal?: AbortSignal): Promise<void> {
  for (const file of files) await readPublished(folder, file, signal);
}

async function fillFromDebian(temporary: string, options: FetchOptions, env: Environment, places: Places) {
  const { log = () => {}, signal } = options;
  log(`${id}: apt-get download dataset-${id} (31 MB), without installing it`);
  const work = join(temporary, 'apt');
  await mkdir(work);
  const timeoutMilliseconds = places.commandMilliseconds;
  const tree = await unpackDebianPackage(`dataset-${id}`, work, { env, log, signal, timeoutMilliseconds });
  for (const file of places.files) {
    const name = `${file.name}.gz`;
    const unpacked = join(tree, 'usr', 'share', 'datasets', id, name);
    const sha256 = await sha256OfFile(unpacked, signal);
    if (sha256 !== file.compressed.sha256) {
      throw new ChecksumError(`${name} of the Debian package: expected ${file.compressed.sha256}, got ${sha256}`);
    }
    await copyFile(unpacked, join(temporary, name));
  }
  await rm(work, { recursive: true, force: true });
}

async function fillFromHost(temporary: string, options: FetchOptions, host: string, places: Places, parts: string) {
  const { log = () => {}, signal, progress } = options;
  log(`${id}: downloading from ${host} (31 MB)`);
  await openCacheFolder(parts);
  for (const file of places.files) {
    const { bytes, sha256 } = file.compressed;
    const part = join(parts, sha256);
    if (existsSync(part) && (await sha256OfFile(part, signal)) === sha256) {
      log(`${id}: ${file.name}.gz is here already`);
    } else {
      const heard = (receivedBytes: number) =>
        progress?.({ id, file: `${file.name}.gz`, receivedBytes, totalBytes: bytes });
      await downloadFile(`${host}${file.name}.gz`, part, {
        bytes,
        sha256,
        signal,
        silenceMilliseconds: places.silenceMilliseconds,
        progress: heard,
      });
    }
    await copyFile(part, join(temporary, `${file.name}.gz`));
  }
}

/** The checksum of the whole set: over the list of its files' contents, so it is one for every way of compressing them. */
export function sha256OfSet({ files }: Places): string {
  return sha256OfList(files.map(({ name, contents }) => ({ name, sha256: contents.sha256 })));
}

function fetched(source: FetchedDataSet['source'], folder: string, places: Places): FetchedDataSet {
  return {
    id,
    folder,
    source,
    sha256: sha256OfSet(places),
    files: places.files.map(({ name, contents }) => ({ name, bytes: contents.bytes, sha256: contents.sha256 })),
    licence: fashionMnistLicence,
    citation: fashionMnistCitation,
  };
}

/** The verified folder of this machine, if there is one. A wrong file in the user's own folder is an error, elsewhere a line in the log. */
async function findLocal(env: Environment, options: FetchOptions, places: Places): Promise<FetchedDataSet | undefined> {
  for (const { source, folder } of localFolders(env, places)) {
    try {
      await verifyFolder(folder, places, options.signal);
      return fetched(source, folder, places);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (source === 'user folder') throw error;
      options.log?.(`${id}: ${source} is damaged: ${(error as Error).message}`);
    }
  }
  return undefined;
}

/**
 * All of Fashion-MNIST in a verified folder: the user's own, the cache, the installed Debian package, or else the Debian package
 * or the official hosts, brought into the cache.
 *
 * @throws DataUnavailableError saying why each source failed; ChecksumError or DataFormatError for the user's own files; CacheError;
 *   the signal's reason
 */
export async function fetchFashionMnist(
  options: FetchOptions = {},
  places: Places = defaultPlaces,
): Promise<FetchedDataSet> {
  const { env = process.env, log = () => {}, signal } = options;
  signal?.throwIfAborted();
  const local = await findLocal(env, options, places);
  if (local) return local;

  const folder = join(cacheRoot(env), id);
  const parts = join(cacheRoot(env), `${id}.parts`);
  let source: FetchedDataSet['source'] = 'Debian package';
  const sources: { name: string; source: FetchedDataSet['source']; fill: (temporary: string) => Promise<void> }[] = [
    { name: 'Debian package', source: 'Debian package', fill: (to) => fillFromDebian(to, options, env, places) },
    ...places.hosts.map((host) => ({
      name: new URL(host).host,
      source: 'official host' as const,
      fill: (to: string) => fillFromHost(to, options, host, places, parts),
    })),
  ];
  const fill = async (temporary: string) => {
    const failed: FailedSource[] = [];
    for (const candidate of sources) {
      try {
        await candidate.fill(temporary);
        source = candidate.source;
        await writeFile(join(temporary, 'LICENCE.txt'), `${fashionMnistLicence}\n${fashionMnistCitation}\n`);
        return;
      } catch (error) {
        signal?.throwIfAborted();
        const reason = (error as Error).message;
        failed.push({ source: candidate.name, reason });
        log(`${id}: ${candidate.name}: ${reason}`);
        await rm(join(temporary, 'apt'), { recursive: true, force: true });
      }
    }
    throw new DataUnavailableError(
      `${id}: no source could deliver it:\n${failed.map(({ source: name, reason }) => `  ${name}: ${reason}`).join('\n')}\nPut the four files into $TENSOR_PAPERS_DATA/${id}/, or install the Debian package dataset-${id}.`,
      failed,
    );
  };
  const isComplete = async () => {
    try {
      await verifyFolder(folder, places, signal);
      return true;
    } catch {
      return false;
    }
  };
  try {
    await prepareFolder({ folder, isComplete, fill });
    await rm(parts, { recursive: true, force: true });
  } finally {
    await rmdir(parts).catch(() => undefined);
  }
  log(`${id}: verified, in ${folder}; ${fashionMnistLicence}; cite ${fashionMnistCitation}`);
  return fetched(source, folder, places);
}
