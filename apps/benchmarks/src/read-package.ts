import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { ReportInputError } from './errors.js';
import { webAddress } from './html.js';
import { readJson } from './read-json.js';

/** A file of the repository: where it lies in it, and its address where the repository says that it has one. */
export interface RepositoryFile {
  path: string;
  address?: string;
}

/** The package that holds a paper's method. */
export interface PackageInfo {
  name: string;
  /** What is installed: the package, the packages of its scope that it needs, its peers. */
  install: readonly string[];
  /** README and note on the method, as far as they are there. */
  documents: readonly { title: string; file: RepositoryFile }[];
}

interface Manifest {
  name?: unknown;
  repository?: string | { url?: string };
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  return (readJson(file, 'report/bad-paper', 'taking it from the repository') ?? {}) as Manifest;
}

/** Where the repository can be looked at, of what `repository` says: `git+https://…/name.git` without what is git's. */
function repositoryAddress({ repository }: Manifest = {}): string | undefined {
  const text = typeof repository === 'string' ? repository : repository?.url;
  return webAddress(text?.replace(/^git\+/, '').replace(/\.git$/, ''));
}

/**
 * What a paper's page says of the package in a folder; undefined where there is none.
 *
 * @param root the repository; its package.json may say where its files can be read
 * @throws ReportInputError
 */
export function readPackage(root: string, folder: string): PackageInfo | undefined {
  const manifest = readManifest(folder);
  if (!manifest) return undefined;
  const { name, dependencies = {}, peerDependencies = {} } = manifest;
  if (typeof name !== 'string') {
    throw new ReportInputError(
      'report/bad-paper',
      join(folder, 'package.json'),
      'field name: expected the name of the package',
    );
  }
  const repository = repositoryAddress(readManifest(root));
  const within = resolve(folder)
    .slice(resolve(root).length + 1)
    .replaceAll(sep, '/');
  const documents = [
    { title: 'README', path: `${within}/README.md` },
    { title: 'The method, explained', path: `docs/methods/${within.split('/').at(-1)}.md` },
  ];
  const ofScope = Object.keys(dependencies).filter((other) => other.startsWith(`${name.split('/')[0]}/`));
  return {
    name,
    install: [name, ...ofScope, ...Object.keys(peerDependencies)],
    documents: documents
      .filter(({ path }) => existsSync(join(root, path)))
      .map(({ title, path }) => ({
        title,
        file: { path, ...(repository && { address: `${repository}/blob/HEAD/${path}` }) },
      })),
  };
}
