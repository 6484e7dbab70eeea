import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const shell = process.platform === 'win32';

/** Packs a package as it would be published, and gives the path of the tarball. */
export function pack(folder, destination) {
  let printed;
  try {
    printed = execFileSync('pnpm', ['pack', '--json', '--pack-destination', destination], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      shell,
    });
  } catch (error) {
    if (error.code === 'ENOENT')
      throw new Error('pnpm is not on the PATH: start this by `npx -y pnpm@10 check:packed`');
    throw error;
  }
  return JSON.parse(printed.slice(printed.indexOf('{'))).filename;
}

/** Unpacks a tarball; its files, as a map from the path inside the package to bytes, and its sizes in bytes. */
export function unpack(tarball, folder) {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const top = join(folder, 'package');
  const files = new Map(
    readdirSync(top, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(top, path).split(sep).join('/'), readFileSync(path)]),
  );
  const unpacked = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  return { files, packed: statSync(tarball).size, unpacked };
}
