import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const scope = '@tensor-papers/';
/** Tooling of the repository decides no number. */
const ignoredPackages = new Set([`${scope}tools`]);
/** The parts of a package that a run can depend on. */
const sourceFolders = ['src', 'bench', 'install'];
const isSource = (path: string) =>
  /\.([cm]?[jt]s|json)$/.test(path) && !/\.test\.[cm]?[jt]s$/.test(path) && !path.split(sep).includes('node_modules');

interface Manifest {
  name?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** The folder of a package and those of the siblings it depends on, by name. */
function packageFolders(folder: string, known = new Map<string, string>()): Map<string, string> {
  const manifestFile = join(folder, 'package.json');
  const manifest: Manifest = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8')) : {};
  const name = manifest.name ?? '';
  if (known.has(name)) return known;
  known.set(name, folder);
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (!dependency.startsWith(scope) || ignoredPackages.has(dependency)) continue;
    const link = join(folder, 'node_modules', dependency);
    if (existsSync(link)) packageFolders(realpathSync(link), known);
  }
  return known;
}

/**
 * sha256 over the sources of a package and of the siblings it depends on: names and contents, sorted by name.
 * Tests, documentation and paper.json do not count: they change no number.
 */
export function sourceHash(folder: string): string {
  const files = [...packageFolders(folder)].flatMap(([name, root]) =>
    sourceFolders
      .map((part) => join(root, part))
      .filter((part) => existsSync(part))
      .flatMap((part) =>
        readdirSync(part, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name)),
      )
      .filter((path) => isSource(relative(root, path)))
      .map((path) => ({ id: `${name}/${relative(root, path).split(sep).join('/')}`, path })),
  );
  const hash = createHash('sha256');
  for (const { id, path } of files.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    hash.update(`${id}\0${createHash('sha256').update(readFileSync(path)).digest('hex')}\n`);
  }
  return hash.digest('hex');
}

/** The commit that is checked out; null without git, outside of a repository, or before the first commit. */
export function gitCommit(folder: string): string | null {
  try {
    return execFileSync('git', ['rev-parse', '--verify', 'HEAD'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
