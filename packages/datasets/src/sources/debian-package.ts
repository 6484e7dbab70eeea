import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../cache.js';
import { CommandError, runCommand } from './run-command.js';

/** Options of {@link unpackDebianPackage}. */
export interface DebianPackageOptions {
  readonly env: Environment;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMilliseconds: number;
}

/** Where apt keeps its lists and its cache, so that it needs neither root nor the system's own lists. */
function privateLists(folder: string): string[] {
  const settings = [
    `Dir::State::Lists=${join(folder, 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Acquire::Languages=none',
    // Otherwise root's apt drops to a user who cannot write the private folder.
    'APT::Sandbox::User=root',
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

/**
 * Downloads a package with the user's `apt-get` (its mirrors, proxies and signatures apply) and unpacks it into `folder`/tree; nothing is
 * installed, no root is needed.
 *
 * @param folder an existing folder that the caller removes
 * @returns the folder that stands for `/`
 * @throws CommandError; the signal's reason
 */
export async function unpackDebianPackage(
  name: string,
  folder: string,
  { env, log, signal, timeoutMilliseconds }: DebianPackageOptions,
): Promise<string> {
  const run = (command: string, args: readonly string[]) =>
    runCommand(command, args, { folder, env, timeoutMilliseconds, signal });
  try {
    await run('apt-get', ['download', name]);
  } catch (error) {
    if (!(error instanceof CommandError) || error.message.endsWith('is not installed')) throw error;
    log(`${error.message}; trying once more with package lists of its own`);
    const lists = privateLists(folder);
    await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
    await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
    // One broken third-party source makes `update` fail although the package's own source was read.
    await run('apt-get', [...lists, 'update']).catch((failure: unknown) => {
      signal?.throwIfAborted();
      log((failure as Error).message);
    });
    await run('apt-get', [...lists, 'download', name]);
  }
  const archive = (await readdir(folder)).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
  if (archive === undefined) throw new CommandError(`apt-get download ${name} left no package`);
  const tree = join(folder, 'tree');
  await mkdir(tree, { recursive: true });
  await run('dpkg', ['-x', archive, tree]);
  return tree;
}
